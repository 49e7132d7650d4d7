// Ctrl+K or ⌘K: words narrow what the server offers, arrows walk, Enter goes. The focus stays in the field.

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");

const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
const current = () => list.querySelector("[aria-selected=true]");

function select(option) {
  current()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

export function open() {
  if (dialog.open || document.querySelector("dialog[open]")) return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
  input.value = "";
  dialog.showModal();
  input.focus();
  window.htmx.trigger(input, "palette-open");
}

function step(key) {
  const all = options();
  const place = all.indexOf(current());
  const last = all.length - 1;
  const next = { ArrowDown: place < last ? place + 1 : 0, ArrowUp: place > 0 ? place - 1 : last };
  select(all[next[key]]);
}

function onKey(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    current()?.click();
  }
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    // By place, so that it works where Russian is typed.
    if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("keydown", onKey);
  list.addEventListener("htmx:afterSwap", () => {
    const all = options();
    select(all[0]);
    document.getElementById("palette-count").textContent = String(all.length);
  });
  // The theme changes without another page.
  dialog.addEventListener("submit", () => dialog.close());
}
