// Opens the editor of masks and frames over the create page. What it makes goes to the composer as files.
import { trayOf } from "../trays.js";
import { Desk } from "./desk.js";

let desk = null;
const needs = () => document.getElementById("draw-needs-picture");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-draw]");
  if (!button) return;
  const tile = trayOf("image")?.querySelector("[data-file][data-full]");
  button.setAttribute("aria-describedby", tile ? "" : "draw-needs-picture");
  needs().hidden = Boolean(tile);
  if (!tile) return;
  desk ??= new Desk(document.getElementById("mask-editor"));
  await desk.open(tile.dataset.full, tile.querySelector("[data-id]").value);
});

// What was asked for is there: it is asked for no longer.
document.addEventListener("change", () => {
  if (needs() && trayOf("image")?.querySelector("[data-file]")) needs().hidden = true;
});
