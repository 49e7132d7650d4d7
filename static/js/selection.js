// Choosing many: a set of ids outlives the tiles that come and go; or all that the search finds, which the server knows.
// Arrows walk, Space chooses, F marks, 0 to 5 give stars, Delete puts away, Ctrl+A is everything, B leads to the bar.
import { inTurn } from "./turns.js";

const form = document.querySelector("[data-selection]");
const all = form?.querySelector("[name=all]");
const one = form?.querySelector("[data-one]");
const chosen = new Set();
let last = null;

const isAny = () => all.checked || chosen.size > 0;
const tiles = () => [...form.querySelectorAll(".tile")];
const boxOf = (tile) => tile?.querySelector("[name=ids]");
const linkOf = (tile) => tile?.querySelector(".tile-open");

function show() {
  const count = all.checked ? Number(all.dataset.total) : chosen.size;
  form.querySelector("[data-chosen]").textContent = count.toLocaleString(document.documentElement.lang);
  form.querySelector(".selection-bar").classList.toggle("is-shown", isAny());
}

/** What is loaded shows whether it is chosen. */
function tick() {
  for (const box of form.querySelectorAll("[name=ids]")) box.checked = all.checked || chosen.has(box.value);
}

function chooseAll(isChosen) {
  all.checked = isChosen;
  chosen.clear();
  tick();
  show();
}

function choose(tile, isChosen) {
  const box = boxOf(tile);
  if (!box) return;
  box.checked = isChosen;
  if (isChosen) chosen.add(box.value);
  else chosen.delete(box.value);
}

const clear = () => chooseAll(false);

/** One less than everything: those that are seen stay chosen, each by itself. */
function nameEach() {
  all.checked = false;
  for (const box of form.querySelectorAll("[name=ids]:checked")) chosen.add(box.value);
}

/** With Shift, everything between this one and the one before. */
function toggle(tile, isRange) {
  const row = tiles();
  const isChosen = boxOf(tile).checked;
  if (all.checked) nameEach();
  const [from, to] = isRange && last ? [row.indexOf(last), row.indexOf(tile)].sort((a, b) => a - b) : [];
  for (const other of from >= 0 ? row.slice(from, to + 1) : [tile]) choose(other, isChosen);
  last = tile;
  show();
}

function step(tile, key) {
  const row = tiles();
  const perRow = Number(getComputedStyle(document.documentElement).getPropertyValue("--per-row"));
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[key];
  const next = linkOf(row[row.indexOf(tile) + by]);
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** To all that are chosen, else to the tile one is on. */
function act(tile, what) {
  if (!boxOf(tile)) return;
  const said = isAny() ? what : `${what}:${tile.dataset.item}`;
  inTurn(() => {
    one.value = said;
    one.click();
    return true;
  });
}

function onKey(event) {
  if (event.altKey || event.target.closest("dialog")) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.ctrlKey || event.metaKey) return onControl(event);
  // A box sends no form.
  if (event.key === "Enter" && event.target.matches("[type=checkbox]")) return event.preventDefault();
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-library-search]").focus();
    return;
  }
  if (event.key === "Escape" && isAny()) return clear();
  const tile = event.target.closest(".tile") ?? (event.target === document.body ? null : undefined);
  if (tile === undefined) return;
  const does = ACTS[event.key.startsWith("Arrow") ? "Arrow" : event.key];
  if (!does) return;
  if (!tile && !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  if (tile) does(tile, event);
  else linkOf(tiles()[0])?.focus();
}

function onControl(event) {
  if (!["a", "ф"].includes(event.key.toLowerCase()) || !form.querySelector(".tile")) return;
  event.preventDefault();
  chooseAll(true);
}

const ACTS = {
  Arrow: (tile, event) => step(tile, event.key),
  " ": (tile, event) => {
    boxOf(tile).checked = !boxOf(tile).checked;
    toggle(tile, event.shiftKey);
  },
  f: (tile) => act(tile, isAny() || !("favourite" in tile.dataset) ? "favourite" : "unfavourite"),
  Delete: (tile) => act(tile, "trash"),
};
ACTS.b = () => isAny() && all.focus();
// The same keys where Russian is typed.
ACTS.а = ACTS.f;
ACTS.и = ACTS.b;
for (const stars of "012345") ACTS[stars] = (tile) => act(tile, `stars-${stars}`);

if (form) {
  form.addEventListener("click", (event) => {
    if (event.target.matches("[name=ids]")) toggle(event.target.closest(".tile"), event.shiftKey);
  });
  form.addEventListener("reset", clear);
  all.addEventListener("change", () => chooseAll(all.checked));
  document.addEventListener("keydown", onKey);
  // Boxes that a browser ticks again when one comes back are chosen.
  addEventListener("pageshow", () => {
    if (!all.checked) nameEach();
    show();
  });
  // Tiles that come back have forgotten that they were chosen.
  document.addEventListener("htmx:afterSwap", tick);
  document.addEventListener("fragment:placed", (event) => event.target.matches(".tile") && tick());
  form.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt === form) event.detail.parameters.set("ids", [...chosen].join(","));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { elt, requestConfig, xhr } = event.detail;
    const what = requestConfig?.parameters?.do ?? "";
    // A refusal that is shown counts as a success with htmx; what was chosen is still wanted then.
    if (elt !== form || !event.detail.successful || xhr.status >= 400 || what.includes(":")) return;
    for (const menu of form.querySelectorAll("details[open]")) menu.open = false;
    clear();
  });
}
