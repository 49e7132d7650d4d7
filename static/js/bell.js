// The bell rings: what the socket brought is shown on the desktop or sounded for, once for all tabs of a browser.
import { chime, mayChime } from "./chime.js";

const KEY = "signs";
const REMEMBERED = 50;
// A tab that is looked at goes first, and then nothing is shown on the desktop.
const HEAD_START = 400;
const loadedAt = Date.parse(document.querySelector("[data-bell]")?.dataset.now ?? "");

document.addEventListener("fragment:placed", (event) => {
  if (!event.target.matches?.("[data-bell][data-signs]")) return;
  const fresh = JSON.parse(event.target.dataset.signs).filter((sign) => Date.parse(sign.at) > loadedAt);
  if (fresh.length > 0) setTimeout(() => claim(fresh), document.hidden ? HEAD_START : 0);
});

/** One tab at a time looks which of them no tab has taken yet, and takes those. */
async function claim(signs) {
  const take = () => {
    const known = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    const mine = signs.filter((sign) => !known.includes(sign.id));
    localStorage.setItem(KEY, JSON.stringify([...known, ...mine.map((sign) => sign.id)].slice(-REMEMBERED)));
    return mine;
  };
  const mine = navigator.locks ? await navigator.locks.request(KEY, take) : take();
  if (document.hidden) mine.filter((sign) => sign.desktop).forEach(show);
  if (mayChime() && mine.some((sign) => sign.sound)) await chime();
}

/** Asked for permission is on the page of the preferences alone. Answers whether it is shown. */
export function show(sign) {
  if (!("Notification" in window) || Notification.permission !== "granted") return false;
  const shown = make(sign);
  if (!shown) return false;
  shown.onclick = () => {
    window.focus();
    if (sign.url) location.assign(sign.url);
    shown.close();
  };
  return true;
}

/** Android's browsers have the name and the permission, but refuse to make one for a page. */
function make(sign) {
  try {
    return new Notification(sign.title, { body: sign.body, tag: sign.id });
  } catch (problem) {
    if (problem instanceof TypeError) return null;
    throw problem;
  }
}
