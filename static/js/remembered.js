// What was written and brought before, over the composer: loaded when it is opened, taken with one click.
import { take, trayOf } from "./trays.js";

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
  if (event.target.id === "past-panel" && matchMedia("(pointer: fine)").matches && event.target.closest(":popover-open")) {
    event.target.querySelector("[data-past-search]").focus();
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-recent]");
  if (opener) {
    const tray = opener.closest("[data-tray]");
    slot = tray.dataset.tray;
    const name = tray.querySelector(".field-label").textContent;
    document.querySelector(`#${opener.getAttribute("popovertarget")} [data-role]`).textContent = name;
  }
  const sheet = event.target.closest("[data-opens]");
  const past = sheet && event.target.closest("[data-past]");
  const file = sheet && event.target.closest("[data-recent-file]");
  if (past) takePrompt(past);
  else if (file) takeFile(file);
  else return;
  event.preventDefault();
  sheet.hidePopover();
});

function takePrompt(row) {
  const field = document.querySelector("[data-prompt-field]");
  field.value = row.querySelector("[data-past-prompt]").textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function takeFile(link) {
  const picture = link.querySelector("img").cloneNode();
  picture.alt = "";
  take(trayOf(slot), { id: link.dataset.recentFile, full: link.dataset.full, picture });
}

// Enter in the search searches; there is nowhere to go.
document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-opens]")) event.preventDefault();
});
