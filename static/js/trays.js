// Files of the composer: chosen, pasted or dropped, sent at once, and named in the form by their ids.
import { area, changed, homeOf, roomIn, spareRoomIn, tilesOf, trayOf, trays } from "./tray/places.js";
import { leaveMask } from "./tray/moving.js";
import { send } from "./uploads.js";

export { trayOf };

const underWay = new Map();

const kindOf = (file) => file.type.split("/")[0];

/**
 * Puts files where they belong: into `preferred` if it takes their kind, else into the first tray with room for it.
 * Where all are full it stands over the limit, and the person says which ones are to go.
 */
export function distribute(files, preferred = null) {
  for (const problems of area().querySelectorAll("[data-problems]")) problems.replaceChildren();
  for (const file of files) {
    const fitting = trays().filter((tray) => tray.dataset.kind === kindOf(file));
    const first = fitting.includes(preferred) ? preferred : null;
    if (first?.dataset.maximum === "1") takeOut(first.querySelector("[data-file]"));
    const inOrder = first ? [first, ...fitting] : fitting;
    const tray = inOrder.find((one) => roomIn(one) > 0) ?? inOrder.find((one) => spareRoomIn(one) > 0);
    if (tray) add(tray, file);
    else if (preferred && !first) say(preferred, `no_${preferred.dataset.kind}`, file);
    else say(first ?? fitting[0], fitting.length ? "no_room" : "no_tray", file);
  }
  changed();
}

function add(tray, file) {
  if (file.size > Number(area().dataset.heaviest)) return say(tray, "too_heavy", file);
  const tile = area().querySelector("[data-tile]").content.firstElementChild.cloneNode(true);
  const progress = tile.querySelector("[data-progress]");
  show(tile, file);
  lay(tile, tray);
  const token = tray.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
  const upload = send(area().dataset.address, token, file, (fraction) => (progress.value = fraction));
  const settled = upload.done
    .then((stored) => {
      const field = tile.querySelector("[data-id]");
      // Named by where it is by then.
      field.value = stored.id;
      // From this address, whatever name the studio calls itself by.
      tile.dataset.full = new URL(stored.url).pathname + new URL(stored.url).search;
      progress.remove();
      changed();
      return true;
    })
    .catch((problem) => {
      tile.remove();
      if (problem.reason !== "stopped") say(tray, problem.reason, file, problem.sentence);
      changed();
      return problem.reason === "stopped";
    })
    .finally(() => underWay.delete(tile));
  underWay.set(tile, { upload, settled });
}

/** Puts a file that the studio has already into the tray, if there is room: its id, its address, a small picture. */
export function take(tray, { id, full, picture }) {
  if (tray.dataset.maximum === "1") takeOut(tray.querySelector("[data-file]"));
  if (spareRoomIn(tray) <= 0) return null;
  const tile = area().querySelector("[data-tile]").content.firstElementChild.cloneNode(true);
  const field = tile.querySelector("[data-id]");
  field.value = id;
  tile.dataset.full = full;
  tile.querySelector("[data-progress]").remove();
  tile.querySelector("[data-picture]").append(picture);
  lay(tile, tray);
  changed();
  return tile;
}

/** As the last one; in a tray for one file as that one. */
function lay(tile, tray) {
  const isFirst = roomIn(tray) < 1 && tray.dataset.maximum === "1" && !tray.querySelector("[data-file]:not([data-spare])");
  const next = isFirst ? tray.querySelector("[data-file]") : tray.querySelector(".tray-add");
  tray.querySelector("[data-files]").insertBefore(tile, next);
}

/** Out of the wish: what is still on its way is sent no further. */
function takeOut(tile) {
  underWay.get(tile)?.upload.stop();
  if (tile && homeOf(tile).dataset.tray === "image") leaveMask();
  tile?.remove();
}

/** The file itself, before the server has a smaller one of it. */
function show(tile, file) {
  const seen = document.createElement(kindOf(file) === "video" ? "video" : "img");
  seen.src = URL.createObjectURL(file);
  if (seen.tagName === "VIDEO") seen.muted = true;
  else seen.alt = "";
  // What the browser cannot show (HEIC) fails; its file would stay in memory as long as the page.
  for (const name of [seen.tagName === "VIDEO" ? "loadeddata" : "load", "error"]) {
    seen.addEventListener(name, () => URL.revokeObjectURL(seen.src), { once: true });
  }
  tile.querySelector("[data-picture]").append(seen);
}

export function say(tray, reason, file, sentence = "") {
  const line = area().querySelector("[data-problem]").content.firstElementChild.cloneNode(true);
  line.querySelector("[data-name]").textContent = file.name;
  line.querySelector("[data-sentence]").textContent = sentence || area().querySelector(`[data-sentence="${reason}"]`).content.textContent;
  (tray ?? area()).querySelector(tray ? "[data-problems]" : "[data-tray-none]").append(line);
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick]")) return;
  const files = [...event.target.files];
  event.target.value = "";
  distribute(files, event.target.closest("[data-tray]"));
});

document.addEventListener("click", (event) => {
  const tile = event.target.closest("[data-remove]")?.closest("[data-file]");
  if (!tile) return;
  const tray = homeOf(tile);
  const place = tilesOf(tray).indexOf(tile);
  takeOut(tile);
  changed();
  // In a tray that is still full no field is in sight: the file that moved up has the focus.
  const next = tray.matches("[data-full]") && (tilesOf(tray)[place] ?? tilesOf(tray)[place - 1]);
  (next || tray).querySelector(next ? "[data-remove]" : "[data-pick]").focus();
});

// What is still on its way belongs to the wish, and to the next model: both wait for it. A failure is told, not sent.
document.addEventListener("htmx:confirm", (event) => {
  const isQuote = event.target.id === "generate";
  if (!underWay.size || isQuote || !event.target.closest("[data-composer]")) return;
  event.preventDefault();
  const sent = [...underWay.values()].map((one) => one.settled);
  Promise.all(sent).then((all) => all.every(Boolean) && event.detail.issueRequest(true));
});

// Files go ahead of the form here, so the form itself sends none.
function takeOver() {
  for (const input of document.querySelectorAll("[data-pick]")) input.removeAttribute("name");
}

document.addEventListener("htmx:load", takeOver);
takeOver();
