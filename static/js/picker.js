// The list of models: words narrow it, arrows walk through it, Enter takes.

const shownRows = (picker) => [...picker.querySelectorAll("[data-row]")].filter((row) => !row.hidden);

/** Every word has to be in a model's name, summary, provider or price, in any order. */
function narrow(picker, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of picker.querySelectorAll("[data-group]")) {
    const rows = [...group.querySelectorAll("[data-row]")];
    const title = group.querySelector(".picker-title")?.textContent ?? "";
    for (const row of rows) {
      const about = `${title} ${row.textContent}`.toLowerCase();
      row.hidden = !words.every((word) => about.includes(word));
    }
    group.hidden = rows.every((row) => row.hidden);
  }
  picker.querySelector("[data-nothing]").hidden = shownRows(picker).length > 0;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-search]")) narrow(event.target.closest("[data-picker-list]"), event.target.value);
});

// The search is nothing of the wish: no new price for it.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("[data-search]")) event.stopPropagation();
  },
  { capture: true },
);

document.addEventListener("keydown", (event) => {
  const picker = event.target.closest?.("[data-picker-list]");
  if (!picker) return;
  const rows = shownRows(picker);
  const isSearch = event.target.matches("[data-search]");
  if (event.key === "Enter" && isSearch) {
    event.preventDefault();
    rows[0]?.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!rows.length) return;
    event.preventDefault();
    const index = rows.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    if (index < 0) picker.querySelector("[data-search]").focus();
    else rows[Math.min(index, rows.length - 1)].focus();
  }
});

// Opened: one can type at once, and what is chosen now stands in sight. On a touch screen the keyboard would hide the list.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "picker-panel") return;
  document.getElementById("model-picker").parentElement.scrollIntoView({ block: "start" });
  const current = event.target.querySelector("[aria-current]") ?? event.target.querySelector("[data-current]");
  if (current) event.target.scrollTop = current.offsetTop - event.target.clientHeight / 2;
  if (matchMedia("(pointer: fine)").matches) event.target.querySelector("[data-search]").focus({ preventScroll: true });
});
