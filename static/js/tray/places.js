// Where each file of the composer stands: its tray, its place there, and whether there is room for it.

export const area = () => document.querySelector("[data-trays]");
export const trays = () => [...document.querySelectorAll("[data-tray]")];
export const trayOf = (name) => document.querySelector(`[data-tray=${name}]`);
export const tilesOf = (tray) => [...tray.querySelectorAll("[data-file]")];
export const roomIn = (tray) => Number(tray.dataset.maximum) - tilesOf(tray).length;
export const spareRoomIn = (tray) => roomIn(tray) + Number(area().dataset.spares);
export const homeOf = (tile) => tile.closest("[data-tray]");

/** Trays of the same kind: what a file of this one may be used as. */
export const usesOf = (tray) => trays().filter((one) => one.dataset.kind === tray.dataset.kind);

/** Every file is named after its place; what depends on the files hears of it: the price, the draft, the editors. */
export function changed() {
  trays().forEach(settle);
  window.htmx.trigger("#generate", "quote");
  area().dispatchEvent(new Event("change", { bubbles: true }));
}

/** What is over the limit stays, is shown so, and is not sent. */
export function settle(tray) {
  const tiles = tilesOf(tray);
  const maximum = Number(tray.dataset.maximum);
  const canMove = tiles.length > 1 || usesOf(tray).length > 1;
  tray.toggleAttribute("data-full", tiles.length >= maximum);
  tray.querySelector("[data-over-limit]").hidden = tiles.length <= maximum;
  const count = tray.querySelector("[data-tray-count]");
  if (count) count.textContent = String(tiles.length);
  tiles.forEach((tile, index) => {
    const field = tile.querySelector("[data-id]");
    const isSpare = index >= maximum;
    if (field.hasAttribute("value")) field.name = `${isSpare ? "spare" : "inputs"}.${tray.dataset.tray}`;
    tile.toggleAttribute("data-spare", isSpare);
    tile.querySelector("[data-place]").hidden = !canMove;
  });
}
