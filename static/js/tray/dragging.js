// A file of the composer is dragged by mouse, finger or pen to another place, or into another tray.
import { homeOf, tilesOf, usesOf } from "./places.js";
import { put } from "./moving.js";

// In pixels: less is a click.
const SLIP = 5;
let drag = null;

document.addEventListener("pointerdown", (event) => {
  end();
  const tile = event.target.closest("[data-file]");
  if (!tile || event.button !== 0 || !event.isPrimary || event.target.closest("[data-remove]")) return;
  if (tile.querySelector("[data-place]").hidden) return;
  drag = { tile, x: event.clientX, y: event.clientY, tray: null, place: 0, isLifted: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || !event.isPrimary) return;
  if (isOver(event)) return end();
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.isLifted && Math.hypot(dx, dy) < SLIP) return;
  lift();
  drag.tile.style.translate = `${dx}px ${dy}px`;
  aim(event.clientX, event.clientY);
});

document.addEventListener("pointerup", (event) => {
  if (!drag || !event.isPrimary) return;
  const { tile, tray, place, isLifted } = drag;
  const isLost = !tile.isConnected;
  end();
  if (!isLifted || isLost) return;
  // Let go over its own button, it would be a click on it.
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
  if (tray) put(tile, tray, place);
});

/** Let go where the page was not told of it; or the file has gone: it was not taken, or another composer came. */
const isOver = (event) => !event.buttons || !drag.tile.isConnected;

document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) end();
});

// The browser's own dragging of pictures would take the pointer away.
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-file]")) event.preventDefault();
});

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function lift() {
  drag.isLifted = true;
  drag.tile.dataset.lifted = "";
}

/** Which tray and which place is under the pointer. */
function aim(x, y) {
  clear();
  const tray = usesOf(homeOf(drag.tile)).find((one) => holds(one.getBoundingClientRect(), x, y));
  drag.tray = tray ?? null;
  if (!tray) return;
  const others = tilesOf(tray).filter((one) => one !== drag.tile);
  const next = others.findIndex((one) => isBefore(one.getBoundingClientRect(), x, y));
  drag.place = next < 0 ? others.length : next;
  tray.toggleAttribute("data-over", tray !== homeOf(drag.tile));
  if (next >= 0) others[next].dataset.edge = "start";
  else if (others.length) others[others.length - 1].dataset.edge = "end";
}

const holds = (box, x, y) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

/** Whether the pointer stands before the middle of a file, as one reads: by rows. */
const isBefore = (box, x, y) => y < box.top || (y <= box.bottom && x < box.left + box.width / 2);

function clear() {
  for (const one of document.querySelectorAll("[data-edge]")) delete one.dataset.edge;
  for (const one of document.querySelectorAll("[data-tray][data-over]")) one.removeAttribute("data-over");
}

function end() {
  if (!drag) return;
  clear();
  delete drag.tile.dataset.lifted;
  drag.tile.style.translate = "";
  drag = null;
}
