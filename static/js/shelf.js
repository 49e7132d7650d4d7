// The library's height is known from the start: each chunk of tiles has its place, is fetched when one comes near it and
// dropped when one is far. So the scroll bar is true and the page stays small, however large the library.

const NEAR = "120%";
const FAR = "180%";
const PAUSE = 40;
const QUIET = 200;
const CHUNK = "[data-chunk]";

const library = document.querySelector("[data-library]");
const near = new Set();
const far = new Set();
let timer = 0;
let movedAt = -QUIET;

const isFilled = (chunk) => chunk.childElementCount > 0;

/** Rows of square tiles with gaps between them: all that a height depends on. */
function measure() {
  const perRow = Number(getComputedStyle(document.documentElement).getPropertyValue("--per-row"));
  const width = library.querySelector(".library-main form").clientWidth;
  const gap = parseFloat(getComputedStyle(library.querySelector(CHUNK)).getPropertyValue("--tile-gap")) * rem();
  return { perRow, gap, tile: (width - gap * (perRow - 1)) / perRow };
}

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

function lay(chunks) {
  if (!library.querySelector(CHUNK)) return;
  const { perRow, gap, tile } = measure();
  for (const chunk of chunks) {
    const rows = Math.ceil(Number(chunk.dataset.chunk) / perRow);
    chunk.style.blockSize = `${rows * tile + (rows - 1) * gap}px`;
  }
}

const comes = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target);
      else near.delete(target);
    }
    // A jump is answered at once; who flies on is waited for, and what one flew past is no longer near then.
    clearTimeout(timer);
    timer = setTimeout(keepUp, performance.now() - movedAt > QUIET ? 0 : PAUSE);
    movedAt = performance.now();
  },
  { rootMargin: `${NEAR} 0px` },
);

function soon() {
  timer ||= setTimeout(keepUp, PAUSE);
}

function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** Without waiting for what is on its way: a picture keeps its connection even when its element is gone. */
function drop(chunk) {
  for (const image of chunk.querySelectorAll("img")) if (!image.complete) image.removeAttribute("src");
  chunk.replaceChildren();
}

const isDrawn = (chunk) => isFilled(chunk) && [...chunk.querySelectorAll("img")].every((image) => image.complete || !isInSight(image));

// What one looks at comes first, with its pictures: the rest would take their places in the line before a small machine.
function keepUp() {
  timer = 0;
  // By the page itself: a chunk that came just now is not observed yet.
  const seen = [...library.querySelectorAll(CHUNK)].filter(isInSight);
  for (const chunk of seen.every(isDrawn) ? near : seen) {
    if (!isFilled(chunk) && !chunk.classList.contains("htmx-request")) window.htmx.trigger(chunk, "near");
  }
  for (const chunk of far) {
    if (isFilled(chunk) && !chunk.contains(document.activeElement)) drop(chunk);
  }
}

const goes = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) far.delete(target);
      else far.add(target);
    }
  },
  { rootMargin: `${FAR} 0px` },
);

function watch(chunks) {
  lay(chunks);
  for (const chunk of chunks) {
    comes.observe(chunk);
    if (chunk.matches(".tiles")) goes.observe(chunk);
  }
}

/** In ten thousandths of the month's rest, so that the chunk one looks at comes in the same answer. */
function whereOneLooks(rest) {
  const { top, height } = rest.getBoundingClientRect();
  return Math.round(Math.min(1, Math.max(0, (innerHeight / 2 - top) / height)) * 10_000);
}

if (library) {
  watch([...library.querySelectorAll(CHUNK)]);
  document.addEventListener("htmx:load", (event) => {
    if (event.target.matches(CHUNK)) watch([event.target]);
  });
  document.addEventListener("htmx:afterSwap", soon);
  // What could not be had without a network is asked for again.
  window.addEventListener("online", soon);
  for (const name of ["load", "error"]) library.addEventListener(name, soon, true);
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.matches(".tiles-rest")) parameters.set("at", String(whereOneLooks(elt)));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    if (!target.matches?.(".tiles-rest")) return;
    comes.unobserve(target);
    near.delete(target);
  });
  new ResizeObserver(() => lay([...library.querySelectorAll(CHUNK)])).observe(library);
}
