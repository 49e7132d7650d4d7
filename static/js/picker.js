// The list of models: words and filters narrow it, arrows walk through it, Enter takes.

// generations/picking.py says the same, for a page without scripts.
const PASSES = {
  provider: (row, name) => row.dataset.providers.split(" ").includes(name),
  price: (row, credits) => Number(row.dataset.millicredits) <= Number(credits) * 1000,
  time: (row, seconds) => Number(row.dataset.seconds) <= Number(seconds),
};

const boxOf = (row) => row.closest("[data-box]") ?? row;
const shownRows = (picker) => [...picker.querySelectorAll("[data-row]")].filter((row) => !boxOf(row).hidden);

const toldBy = (row) => [...row.querySelectorAll("[data-told]")].map((one) => one.textContent).join(" ");

/** Every word has to be in what a row or its group says, in any order, and every filter lets it through. */
function narrow(picker) {
  const words = picker.querySelector("[data-search]").value.toLowerCase().split(/\s+/).filter(Boolean);
  const filters = [...picker.querySelectorAll("[data-filter]")].filter((filter) => filter.value);
  for (const group of picker.querySelectorAll("[data-group]")) {
    const rows = [...group.querySelectorAll("[data-row]")];
    const title = group.querySelector(".picker-title")?.textContent ?? "";
    for (const row of rows) {
      const about = `${title} ${toldBy(row)}`.toLowerCase();
      const passes = filters.every((filter) => PASSES[filter.dataset.filter](row, filter.value));
      boxOf(row).hidden = !passes || !words.every((word) => about.includes(word));
    }
    group.hidden = rows.every((row) => boxOf(row).hidden);
  }
  picker.querySelector("[data-nothing]").hidden = shownRows(picker).length > 0;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-search], [data-filter]")) narrow(event.target.closest("[data-picker-list]"));
});

// Search and filters are nothing of the wish: no new price for them.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("[data-search], [data-filter]")) event.stopPropagation();
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
    const here = boxOf(event.target).querySelector("[data-row]") ?? event.target;
    const index = rows.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1);
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

// Which pin was pressed is known by its press: while it waits for the one before, its button is exchanged.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const pin = detail.elt.id === "pins" && detail.triggeringEvent?.submitter;
  if (!pin) return;
  for (const name of ["pin", "unpin"]) detail.parameters.delete(name);
  detail.parameters.set(pin.name, pin.value);
});

// Pinned or not any more: what is asked for still stands above, and the row that was pressed stands where it stood.
let pressedAt = 0;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "picker-groups") pressedAt = detail.target.querySelector("[data-pin]:focus")?.getBoundingClientRect().top ?? 0;
});

// A pin that went with its group leaves the focus to another one of the same model. At once: settling comes later, and
// all rows would flash.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "picker-groups") return;
  narrow(event.target.closest("[data-picker-list]"));
  const { unpin } = event.detail.requestConfig.parameters;
  const others = [...event.target.querySelectorAll("[data-pin]")];
  const isLost = !event.target.contains(document.activeElement);
  if (isLost) others.find((pin) => pin.value === unpin)?.focus({ preventScroll: true });
  const pin = event.target.querySelector("[data-pin]:focus");
  const panel = event.target.closest(".picker-panel") ?? document.scrollingElement;
  if (pin && pressedAt && !isLost) panel.scrollTop += pin.getBoundingClientRect().top - pressedAt;
  else if (isLost) pin?.scrollIntoView({ block: "nearest" });
});
