// Dialogs open when their content has come, and close on Escape, on a press outside, and when they were answered.
import { shut } from "./menus.js";

const DIALOG = "dialog[data-dialog]";
// By its id: what opened a dialog may have been exchanged for its like by the time that the focus goes back to it.
const openers = new WeakMap();

document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  const dialog = target.closest?.(DIALOG);
  if (dialog) show(dialog);
  // Opened, it stands in what was filled; narrowed anew, it is what came, and what it came for is no longer on the page.
  const jobs = event.target.matches("[data-jobs]") ? event.target : event.target.querySelector("[data-jobs]");
  jobs?.dispatchEvent(new CustomEvent("jobs:shown", { bubbles: true }));
  if (target.id === "notice") raise(target.parentElement);
});

function show(dialog) {
  document.querySelectorAll("details[data-menu][open]").forEach(shut);
  if (dialog.open) return;
  openers.set(dialog, document.activeElement.id);
  dialog.showModal();
}

/** What is said while a dialog is open is said above it. */
function raise(area) {
  if (!document.querySelector(`${DIALOG}[open]`)) return;
  area.popover = "manual";
  area.showPopover();
}

document.addEventListener("click", (event) => {
  const dialog = event.target.closest(DIALOG);
  // The dialog itself is hit only beside its content.
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, verb } = event.detail.requestConfig;
  if (verb === "post") elt.closest("#ask")?.close();
});

document.addEventListener(
  "close",
  (event) => {
    // Emptied: what is not to be seen needs no news, and is asked for anew when it is opened again.
    if (event.target.matches?.(DIALOG)) {
      event.target.firstElementChild.replaceChildren();
      if (document.activeElement === document.body) document.getElementById(openers.get(event.target))?.focus();
    }
    const area = document.querySelector(".notice-area[popover]");
    area?.removeAttribute("popover");
  },
  { capture: true },
);
