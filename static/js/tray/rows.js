// A menu of the composer over the page: beside its button, walked through by arrows.

const GAP = 8;
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

const rowsOf = (menu) => [...menu.querySelectorAll("button:not([hidden], :disabled), a[href]")];

/** Opened, or closed where it is open already. */
export function toggle(menu, button) {
  menu.togglePopover();
  if (!menu.matches(":popover-open")) return;
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
