// Several pictures on one page: the address says which; arrow keys go through them, each has its own facts and download.

function follow() {
  const links = [...document.querySelectorAll(".filmstrip-picture")];
  if (!links.length) return;
  const current = Math.max(0, links.findIndex((link) => link.getAttribute("href") === location.hash));
  links.forEach((link, index) => {
    if (index === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  for (const one of document.querySelectorAll("[data-output]")) {
    one.classList.toggle("is-current", Number(one.dataset.output) === current + 1);
  }
}

document.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  const links = [...document.querySelectorAll(".filmstrip-picture")];
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[current + by];
  if (!next) return;
  event.preventDefault();
  location.replace(next.getAttribute("href"));
});

window.addEventListener("hashchange", follow);
document.addEventListener("fragment:placed", follow);
follow();
