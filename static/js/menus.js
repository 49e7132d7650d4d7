// Menus are <details>: Escape closes and gives the focus back, so does a click elsewhere, and only one is open.

const OPEN = "details[data-menu][open]";

/** Closed, it gives the focus back to its button if it had it. */
export function shut(menu) {
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(OPEN).forEach(shut);
});

document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) {
    // What cannot have the focus itself, such as a label, gives it to what it stands in when it is pressed: the whole page.
    const isAround = event.target.contains(menu);
    if (!isAround && !menu.contains(event.target)) menu.open = false;
  }
});
