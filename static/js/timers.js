// Elapsed seconds, the thin bar and "slower than usual", counted here between two words from the server.
// Screen readers are spared the seconds; that something has become slow they are told once.

const since = new WeakMap();

function tick() {
  const now = performance.now();
  for (const clock of document.querySelectorAll("[data-elapsed]")) {
    if (!since.has(clock)) since.set(clock, now);
    const passed = (now - since.get(clock)) / 1000;
    const seconds = Number(clock.dataset.elapsed) + passed;
    clock.textContent = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    if (clock.dataset.worked) advance(clock.closest("[data-timed]"), Number(clock.dataset.worked) + passed, clock.dataset);
  }
}

/** worked: seconds since it was sent. The bar is never quite full: four fifths at the usual time, then slower and slower. */
function advance(work, worked, { expected, slowAfter }) {
  const meter = work.querySelector("[data-meter]");
  if (meter) meter.value = expected * (1 - Math.exp((-1.6 * worked) / expected));
  const slow = work.querySelector("[data-slow]");
  if (!slow.hidden || worked <= Number(slowAfter)) return;
  slow.hidden = false;
  work.querySelector("[data-usual]").hidden = true;
  document.getElementById("say").textContent = slow.textContent;
}

tick();
setInterval(tick, 1000);
document.addEventListener("fragment:placed", tick);
document.addEventListener("htmx:load", tick);
