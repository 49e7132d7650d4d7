// The + of a tray: what was made or added before. The newest result is taken with one press, the rest from a sheet.
import { homeOf, tilesOf } from "./places.js";
import { tell } from "./moving.js";
import { toggle } from "./rows.js";
import { say, take } from "../trays.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  const row = event.target.closest("[data-newest]");
  if (button) {
    event.preventDefault();
    const menu = document.getElementById(button.getAttribute("popovertarget"));
    offer(menu);
    toggle(menu, button);
  } else if (row) {
    row.closest("[popover]").hidePopover();
    takeFile(homeOf(row), newest(homeOf(row)));
  }
});

/** What stands first beside the composer, of the kind that the tray takes. */
const newest = (tray) => document.querySelector(`#stream [data-made=${tray.dataset.kind}]`);

function offer(menu) {
  const row = menu.querySelector("[data-newest]");
  const made = newest(homeOf(menu));
  row.hidden = !made;
  if (made) row.querySelector("[data-newest-picture]").replaceChildren(pictureOf(made));
}

function pictureOf(link) {
  const picture = link.querySelector("img").cloneNode();
  picture.removeAttribute("id");
  picture.alt = "";
  return picture;
}

/** Where there is no room for another one, the button that was pressed is gone: what was taken has the focus. */
export function takeFile(tray, link) {
  const picture = pictureOf(link);
  const tile = take(tray, { id: link.dataset.recentFile, full: link.dataset.full, picture });
  if (!tile) return say(tray, "no_room", { name: link.querySelector("img").alt });
  tell(tile, tray);
  if (tilesOf(tray).length >= Number(tray.dataset.maximum)) tile.querySelector("[data-remove]").focus();
}
