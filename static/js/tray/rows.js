// A menu of the composer over the page: beside its button, walked through by arrows.

const GAP = 8;
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

const rowsOf = (menu) => [...menu.querySelectorAll("button:not([hidden], :disabled), a[href]")];

/** Opened, or closed where it is open already. */
export function toggle(menu, button) {
  menu.togglePopover();
  if (!menu.matches(":popover-open")) return;
  // Where the browser does not say it by itself, as it does of a popovertarget.
  if (button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", "true");
  stand(menu, button.getBoundingClientRect());
  rowsOf(menu)[0].focus();
}

/** Below the button or above it, and inside the window. */
function stand(menu, box) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + GAP;
  const fits = below + height + GAP <= innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(box.left, innerWidth - width - GAP))}px`;
  menu.style.top = `${fits ? below : Math.max(GAP, box.top - GAP - height)}px`;
}

document.addEventListener("keydown", (event) => {
  const menu = STEPS[event.key] && event.target.closest("[data-rows]");
  if (!menu) return;
  event.preventDefault();
  const rows = rowsOf(menu);
  rows.at((rows.indexOf(document.activeElement) + STEPS[event.key]) % rows.length).focus();
});

// Closed by whatever way; left by Tab it closes, too. A toggle does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id !== "file-menu" || event.newState === "open") return;
    for (const button of document.querySelectorAll("[data-place]")) button.setAttribute("aria-expanded", "false");
  },
  { capture: true },
);

document.addEventListener("focusin", (event) => {
  const menu = document.querySelector("#file-menu:popover-open");
  if (menu && !menu.contains(event.target)) menu.hidePopover();
});
