// A film is a still until one points at it or focuses it; then it plays, without sound, and is gone again afterwards.

const STILL = 150;
let timer = 0;

function play(link) {
  if (link.querySelector("video")) return;
  const film = document.createElement("video");
  Object.assign(film, { src: link.dataset.film, muted: true, loop: true, playsInline: true });
  film.setAttribute("aria-hidden", "true");
  film.addEventListener("canplay", () => film.play().catch(() => film.remove()), { once: true });
  link.append(film);
}

function begin(event) {
  const link = event.target.closest?.("[data-film]");
  if (!link || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  clearTimeout(timer);
  timer = setTimeout(play, STILL, link);
}

function end(event) {
  const link = event.target.closest?.("[data-film]");
  if (!link || link.contains(event.relatedTarget)) return;
  clearTimeout(timer);
  const film = link.querySelector("video");
  // Without its address, the browser lets go of what it has loaded.
  film?.removeAttribute("src");
  film?.remove();
}

document.addEventListener("pointerover", begin);
document.addEventListener("pointerout", end);
document.addEventListener("focusin", begin);
document.addEventListener("focusout", end);
