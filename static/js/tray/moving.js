// A file of the composer goes to another place or to another use; where it is then is said aloud.
import { changed, homeOf, tilesOf } from "./places.js";

/** So many places on in its tray; at the end it stays. */
export function shift(tile, by) {
  const tray = homeOf(tile);
  const place = tilesOf(tray).indexOf(tile) + by;
  if (place >= 0 && place < tilesOf(tray).length) put(tile, tray, place);
}

/** Into the tray, so that it stands at the place. A tray for one file gives its own in exchange. */
export function put(tile, tray, place = Infinity) {
  const home = homeOf(tile);
  const hasFocus = tile.contains(document.activeElement);
  if (tray !== home && tray.dataset.maximum === "1") {
    const [other] = tilesOf(tray);
    if (other) home.querySelector("[data-files]").insertBefore(other, tile);
    else if (home.dataset.tray === "image") leaveMask(tray);
  }
  const others = tilesOf(tray).filter((one) => one !== tile);
  tray.querySelector("[data-files]").insertBefore(tile, others[place] ?? tray.querySelector(".tray-add"));
  changed();
  if (hasFocus) tile.querySelector("[data-place]").focus();
  tell(tile, tray);
}

/** A mask is drawn over one picture and goes with it, unless it is what the picture becomes. */
export function leaveMask(to = null) {
  if (to?.dataset.tray !== "mask") document.querySelector("[data-tray=mask] [data-file]")?.remove();
}

export function tell(tile, tray) {
  const tiles = tilesOf(tray);
  const words = document.querySelector("[data-sentence=placed]").content.textContent;
  document.getElementById("say").textContent = words
    .replace("{use}", tray.querySelector(".field-label").textContent)
    .replace("{place}", String(tiles.indexOf(tile) + 1))
    .replace("{total}", String(tiles.length));
}
