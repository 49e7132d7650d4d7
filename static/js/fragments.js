// Puts a piece of the server's HTML in its place: by id, never an older one over a newer one, keeping focus and open menus.

const FOCUSABLE = "a[href], button, input, select, textarea, summary";

/** Replaces each element by its id; with `list`, adds what is missing to the stream. Answers whether all found a place. */
export function place(html, list = false) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const found = [...template.content.children].map((fresh) => put(fresh, list));
  return found.length > 0 && found.every(Boolean);
}

function put(fresh, list) {
  const old = fresh.id ? document.getElementById(fresh.id) : null;
  if (old) return replace(old, fresh);
  if (!list) return false;
  return fresh.matches(".job") ? admit(fresh) : fresh.matches("[data-order]") && insert(fresh);
}

/** Moment of a card, and its id for those of the same moment. */
export function isNewer(card, other) {
  const [mine, theirs] = [Date.parse(card.dataset.order), Date.parse(other.dataset.order)];
  return mine === theirs ? card.id > other.id : mine > theirs;
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

function replace(old, fresh) {
  if (Number(fresh.dataset.seq) < Number(old.dataset.seq)) return true;
  const restore = remember(old);
  if (old.dataset.stage !== fresh.dataset.stage) fresh.classList.add("is-fresh");
  old.replaceWith(fresh);
  announce(fresh, "placed");
  restore(fresh);
  return true;
}

/** What a person has opened and where they are, to be had again in the new element. */
function remember(old) {
  const open = [old, ...old.querySelectorAll("details[id]")].filter((one) => one.open).map((one) => one.id);
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const index = active ? [...old.querySelectorAll(FOCUSABLE)].indexOf(active) : -1;
  return (fresh) => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (!active) return;
    const byId = active.id && fresh.querySelector(`#${CSS.escape(active.id)}`);
    const all = fresh.querySelectorAll(FOCUSABLE);
    (byId || all[Math.min(index, all.length - 1)])?.focus({ preventScroll: true });
  };
}

/** Into the queue, if that is open and its filter asks for such a row. */
function admit(row) {
  const list = document.querySelector("[data-jobs-list]");
  const fits = list && ["state", "kind", "model"].every((name) => !list.dataset[name] || list.dataset[name] === row.dataset[name]);
  const rows = list ? [...list.querySelectorAll(".job")] : [];
  if (!fits || (list.querySelector("[data-more]") && !isNewer(row, rows[rows.length - 1]))) return Boolean(list);
  document.querySelector("[data-jobs-empty]")?.remove();
  list.insertBefore(row, rows.find((other) => isNewer(row, other)) ?? list.querySelector("[data-more]"));
  announce(row, "placed");
  return true;
}

function insert(card) {
  const stream = document.querySelector("[data-live-list='newest']");
  if (!stream) return false;
  const cards = stream.querySelectorAll("[data-order]");
  const last = cards[cards.length - 1];
  // Older than everything shown: it comes with "Show older".
  if (last && stream.querySelector(".more") && !isNewer(card, last)) return true;
  stream.querySelector("[data-empty]")?.remove();
  const list = dayOf(stream, card).querySelector("[data-live-list]");
  list.insertBefore(card, [...list.children].find((other) => isNewer(card, other)) ?? null);
  announce(card, "placed");
  announce(card, "arrived");
  return true;
}

/** The group of the card's day; made if it is the first one. */
function dayOf(stream, card) {
  const days = [...stream.querySelectorAll(":scope > [data-day]")];
  const known = days.find((day) => day.dataset.day === card.dataset.day);
  if (known) return known;
  const day = parse('<section class="day"><h2 class="day-title"></h2><ol class="cards" data-live-list></ol></section>');
  day.dataset.day = card.dataset.day;
  // What is new is of today; an older day's group is on the page already or comes with "Show older".
  day.querySelector("h2").textContent = days.some((other) => other.dataset.day > card.dataset.day)
    ? card.dataset.day
    : stream.dataset.today;
  stream.insertBefore(day, days.find((other) => other.dataset.day < card.dataset.day) ?? stream.querySelector(".more"));
  return day;
}

function announce(element, name) {
  if (name === "placed") window.htmx?.process(element);
  element.dispatchEvent(new CustomEvent(`fragment:${name}`, { bubbles: true }));
}
