// Elapsed seconds and the thin bar, counted here between two words from the server. Screen readers are spared them.

const SLOW_FACTOR = 2.5;
const SLOW_EXTRA = 5;
const since = new WeakMap();

function tick() {
  const now = performance.now();
  for (const clock of document.querySelectorAll("[data-elapsed]")) {
    if (!since.has(clock)) since.set(clock, now);
    const seconds = Number(clock.dataset.elapsed) + (now - since.get(clock)) / 1000;
    clock.textContent = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    if (clock.dataset.expected) advance(clock.closest(".card-state"), seconds, Number(clock.dataset.expected));
  }
}

/** Never quite full before it is there: four fifths at the expected time, then slower and slower. */
function advance(state, seconds, expected) {
  if (state.closest("[data-stage]").dataset.stage === "queued") return;
  state.querySelector("[data-meter]").value = expected * (1 - Math.exp((-1.6 * seconds) / expected));
  const isSlow = seconds > expected * SLOW_FACTOR + SLOW_EXTRA;
  state.querySelector("[data-slow]").hidden = !isSlow;
  state.querySelector("[data-usual]").hidden = isSlow;
}

tick();
setInterval(tick, 1000);
document.addEventListener("fragment:placed", tick);
document.addEventListener("htmx:load", tick);
