// What was written, brought and made before, over the composer: loaded when it is opened, taken with one click.
import { takeFile } from "./tray/adding.js";
import { homeOf, trayOf } from "./tray/places.js";

let slot = "";

// A toggle does not bubble, and comes on closing, too.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("[data-opens]") || event.newState !== "open") return;
    window.htmx.trigger(event.target.querySelector("[hx-get]"), "opened");
  },
  { capture: true },
);

document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches(":popover-open > .sheet-body") || !matchMedia("(pointer: fine)").matches) return;
  event.target.querySelector("[data-past-search]")?.focus();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-sheet]");
  const wanted = row && document.getElementById(row.dataset.sheet);
  if (wanted) {
    event.preventDefault();
    return open(wanted, row);
  }
  const sheet = event.target.closest("[data-opens]");
  const past = sheet && event.target.closest("[data-past]");
  const file = sheet && event.target.closest("[data-recent-file]");
  if (!past && !file) return;
  event.preventDefault();
  sheet.hidePopover();
  if (past) takePrompt(past);
  else takeFile(trayOf(slot), file);
});

/** From a row of a menu, which closes; its button is what the focus goes back to. */
function open(sheet, row) {
  const tray = homeOf(row);
  slot = tray.dataset.tray;
  sheet.querySelector("[data-role]").textContent = tray.querySelector(".field-label").textContent;
  row.closest("[popover]").hidePopover();
  tray.querySelector("[data-add]").focus();
  // What it is loaded with would go while somebody types into it.
  sheet.querySelector("[hx-get]").replaceChildren();
  sheet.showPopover();
  sheet.querySelector("button").focus();
}

function takePrompt(row) {
  const field = document.querySelector("[data-prompt-field]");
  field.value = row.querySelector("[data-past-prompt]").textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

// Enter in the search searches; there is nowhere to go.
document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-opens]")) event.preventDefault();
});
