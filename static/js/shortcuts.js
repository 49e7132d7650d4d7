// "?" shows every shortcut; words narrow the list. Both dialogs close by their button and by a click beside them.

const dialog = document.getElementById("shortcuts");
const TYPING = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

function open() {
  if (document.querySelector("dialog[open]")) return;
  dialog.showModal();
  dialog.querySelector("[data-shortcut-search]").focus();
  window.htmx.trigger("#shortcuts-list", "shortcuts-open");
}

function narrow(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of dialog.querySelectorAll("[data-shortcut-group]")) {
    const title = group.querySelector("h3").textContent;
    const rows = [...group.querySelectorAll("[data-shortcut]")];
    for (const row of rows) {
      const about = `${title} ${row.textContent}`.toLowerCase();
      row.hidden = !words.every((word) => about.includes(word));
    }
    group.hidden = rows.every((row) => row.hidden);
  }
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    event.preventDefault();
    open();
  });
  dialog.addEventListener("input", (event) => narrow(event.target.value));
  document.addEventListener("click", (event) => {
    const opened = event.target.closest("dialog.palette");
    if (opened && (event.target === opened || event.target.closest("[data-dialog-close]"))) opened.close();
    const link = event.target.closest("#palette a[href$='/shortcuts/']");
    if (!link) return;
    event.preventDefault();
    document.getElementById("palette").close();
    open();
  });
}
