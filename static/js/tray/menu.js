// By keyboard, and where dragging is hard: Alt with an arrow moves a file, its button opens what else can be done.
import { homeOf, settle, tilesOf, trayOf, trays, usesOf } from "./places.js";
import { put, shift } from "./moving.js";
import { toggle } from "./rows.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
let tile = null;
let home = null;

const menu = () => document.getElementById("file-menu");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-file] [data-place]");
  const row = event.target.closest("#file-menu button");
  if (button) open(button);
  else if (row) act(row);
});

document.addEventListener("keydown", (event) => {
  const moved = event.altKey && STEPS[event.key] && event.target.closest("[data-file]");
  if (!moved) return;
  event.preventDefault();
  shift(moved, STEPS[event.key]);
});

// A file that was not taken goes away, and what was offered for it; the focus goes to where one adds it again.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-trays]") || !tile || tile.isConnected) return;
  tile = null;
  if (!menu().matches(":popover-open")) return;
  menu().hidePopover();
  home.querySelector("[data-pick]")?.focus();
});

function open(button) {
  tile = button.closest("[data-file]");
  home = homeOf(tile);
  const tiles = tilesOf(home);
  const index = tiles.indexOf(tile);
  for (const row of menu().querySelectorAll("[data-shift]")) {
    row.hidden = tiles.length < 2;
    row.disabled = !tiles[index + Number(row.dataset.shift)];
  }
  const uses = usesOf(home).map((one) => one.dataset.tray);
  for (const row of menu().querySelectorAll("[data-use]")) {
    row.hidden = uses.length < 2 || !uses.includes(row.dataset.use);
    row.setAttribute("aria-pressed", String(row.dataset.use === home.dataset.tray));
  }
  menu().querySelector("[data-line]").hidden = tiles.length < 2 || uses.length < 2;
  toggle(menu(), button);
}

function act(row) {
  menu().hidePopover();
  tile.querySelector("[data-place]").focus();
  if (row.dataset.shift) shift(tile, Number(row.dataset.shift));
  else if (row.dataset.use !== homeOf(tile).dataset.tray) put(tile, trayOf(row.dataset.use));
}

// A composer that has just come says which of its files can be moved.
document.addEventListener("htmx:load", () => trays().forEach(settle));
trays().forEach(settle);
