// One picture over the whole screen. Its address is that of a page, so that reload and back work; the server says which
// picture is next in the search one came from.
import { GROWTH, isTyping, look } from "./keys.js";
import { current, dialog, enter, fetchInto, hashOf, named, page, pictures, place, show, shown } from "./pictures.js";
import { watchMarks } from "./marking.js";
import { point } from "./pointing.js";

const title = document.title;
// What the page below the sheet is the page of.
let below = location.pathname;
let walk = Promise.resolve();
let walking = 0;

const isHere = () => location.pathname.startsWith(dialog.dataset.path);
const rename = (index, address = location.pathname + location.search) =>
  history.replaceState(history.state, "", address + hashOf(index));

async function open(link) {
  const query = link.closest("[data-view-query]")?.dataset.viewQuery;
  const address = link.dataset.view + (query ? `?${query}` : "");
  if (!(await fetchInto(address))) return;
  history.pushState({ lightbox: true }, "", address + hashOf(Number(link.dataset.viewOutput ?? 1) - 1));
  enter();
  show(named());
}

/** To the next picture of this work, or of the next work; back to the last one of the one before. */
async function step(by, control) {
  const next = shown() + by;
  if (pictures()[next]) {
    rename(next);
    show(next, control);
    return;
  }
  const address = by > 0 ? page().dataset.older : page().dataset.newer;
  if (!address || !(await fetchInto(address))) return;
  enter();
  const index = by > 0 ? 0 : pictures().length - 1;
  rename(index, address);
  show(index, control);
}

// One after the other, however fast the key is; while it is held down, no more than one is under way.
function go(by, control, isHeld = false) {
  if (isHeld && walking) return;
  walking += 1;
  walk = walk.then(() => step(by, control)).finally(() => (walking -= 1));
}

/** The same picture, with who stands beside it now. */
async function renew() {
  const index = shown();
  if (!dialog.open || !(await fetchInto(location.pathname + location.search))) return;
  enter();
  show(index);
}

/** What is seen was put away: on to the older work, or the newer one, or back. */
async function pass() {
  const address = page().dataset.older ?? page().dataset.newer;
  if (!address) return dialog.close();
  if (!(await fetchInto(address))) return;
  enter();
  rename(0, address);
  show(0);
}

/** Back to where one was, with the focus on what one looked at last. */
function leave() {
  const { result, generation } = page()?.dataset ?? {};
  place.replaceChildren();
  document.title = title;
  const tile = document.querySelector(`#item-${CSS.escape(generation ?? "")} .tile-open`);
  tile?.scrollIntoView({ block: "nearest" });
  tile?.focus({ preventScroll: true });
  if (!isHere()) return;
  if (history.state?.lightbox) history.back();
  else if (result === document.querySelector("[data-result-path]")?.dataset.resultPath) {
    history.replaceState(null, "", result + location.hash);
    below = location.pathname;
  } else location.replace(result);
}

function onClick(event) {
  const pressed = event.target.closest("button");
  if (!pressed) return;
  const { step: by, show: index, look: how } = pressed.dataset;
  if (by) go(Number(by), `[data-step="${by}"]`);
  if (index) {
    rename(Number(index));
    show(Number(index), `[data-show="${index}"]`);
  }
  if (how === "fit") current.sight.fit();
  else if (how) current.sight.zoom(how === "closer" ? GROWTH : 1 / GROWTH);
  if ("facts" in pressed.dataset) toggleFacts();
  if ("close" in pressed.dataset) dialog.close();
}

const ACTS = {
  ArrowLeft: (event) => go(-1, null, event.repeat),
  ArrowRight: (event) => go(1, null, event.repeat),
  i: toggleFacts,
  // The same key where Russian is typed.
  ш: toggleFacts,
};

function onKey(event) {
  if (isTyping(event) || look(event, current.sight) || !ACTS[event.key]) return;
  event.preventDefault();
  ACTS[event.key](event);
}

/** Beside the picture where there is room, until one says otherwise. */
function toggleFacts() {
  const isShown = Boolean(place.querySelector("[data-facts-panel]")?.offsetParent);
  dialog.dataset.facts = isShown ? "hidden" : "shown";
}

async function onMove() {
  if (isHere()) {
    if (!(await fetchInto(location.pathname + location.search))) return;
    enter();
    show(named());
  } else if (location.pathname !== below) {
    // It was loaded as the sheet's page: what is below is not what one comes back to.
    location.reload();
  } else dialog.close();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  dialog.addEventListener("click", onClick);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("close", leave);
  point(place, { sight: () => current.sight, swipe: (by) => go(by, null) });
  watchMarks(
    () => (walk = walk.then(pass)),
    () => (walk = walk.then(renew)),
  );
  window.addEventListener("popstate", onMove);
  if (page()) {
    enter();
    show(named());
  }
}
