// Choosing many: a set of ids outlives the tiles that come and go. Arrows walk, Space chooses, F marks, Delete puts away.

const form = document.querySelector("[data-selection]");
const chosen = new Set();
let last = null;

const tiles = () => [...form.querySelectorAll(".tile")];
const boxOf = (tile) => tile?.querySelector("[name=ids]");
const linkOf = (tile) => tile?.querySelector(".tile-open");

function show() {
  form.querySelector("[data-chosen]").textContent = String(chosen.size);
  form.querySelector(".selection-bar").classList.toggle("is-shown", chosen.size > 0);
}

function choose(tile, isChosen) {
  const box = boxOf(tile);
  if (!box) return;
  box.checked = isChosen;
  if (isChosen) chosen.add(box.value);
  else chosen.delete(box.value);
}

function clear() {
  chosen.clear();
  for (const box of form.querySelectorAll("[name=ids]:checked")) box.checked = false;
  show();
}

/** With Shift, everything between this one and the one before. */
function toggle(tile, isRange) {
  const all = tiles();
  const isChosen = boxOf(tile).checked;
  const [from, to] = isRange && last ? [all.indexOf(last), all.indexOf(tile)].sort((a, b) => a - b) : [];
  for (const one of from >= 0 ? all.slice(from, to + 1) : [tile]) choose(one, isChosen);
  last = tile;
  show();
}

function step(tile, key) {
  const all = tiles();
  const perRow = Number(getComputedStyle(document.documentElement).getPropertyValue("--per-row"));
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[key];
  const next = linkOf(all[all.indexOf(tile) + by]);
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function press(tile, action) {
  tile.querySelector(`[value$="${action}:${tile.dataset.item}"]`)?.click();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog")) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-library-search]").focus();
    return;
  }
  if (event.key === "Escape" && chosen.size) return clear();
  const tile = event.target.closest(".tile") ?? (event.target === document.body ? null : undefined);
  if (tile === undefined) return;
  const act = ACTS[event.key.startsWith("Arrow") ? "Arrow" : event.key];
  if (!act) return;
  if (!tile && !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  if (tile) act(tile, event);
  else linkOf(tiles()[0])?.focus();
}

const ACTS = {
  Arrow: (tile, event) => step(tile, event.key),
  " ": (tile, event) => {
    boxOf(tile).checked = !boxOf(tile).checked;
    toggle(tile, event.shiftKey);
  },
  f: (tile) => press(tile, "favourite"),
  Delete: (tile) => {
    if (!chosen.size) choose(tile, true);
    form.querySelector("[name=do][value=trash]").click();
  },
};
// The same key where Russian is typed.
ACTS.а = ACTS.f;

if (form) {
  form.addEventListener("click", (event) => {
    if (event.target.matches("[name=ids]")) toggle(event.target.closest(".tile"), event.shiftKey);
  });
  form.addEventListener("reset", clear);
  document.addEventListener("keydown", onKey);
  // Tiles that come back have forgotten that they were chosen.
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of form.querySelectorAll("[name=ids]")) box.checked = chosen.has(box.value);
  });
  form.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt === form) event.detail.parameters.set("ids", [...chosen].join(","));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const what = event.detail.requestConfig?.parameters?.do ?? "";
    if (event.detail.elt === form && event.detail.successful && !what.includes(":")) clear();
  });
}
