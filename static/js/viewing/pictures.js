// What stands in the sheet: the pictures of one work, of which one is seen, and all that belongs to it.
import { Sight } from "./sight.js";

export const dialog = document.getElementById("lightbox");
export const place = dialog?.querySelector("[data-lightbox-place]");
export const current = { sight: new Sight([]) };

export const page = () => place.querySelector("[data-lightbox-page]");
export const pictures = () => [...place.querySelectorAll("[data-lightbox-picture]")];
export const shown = () => pictures().findIndex((picture) => !picture.hidden);

/** In the address, as on the result page: the first needs no name. */
export const hashOf = (index) => (index ? `#output-${index + 1}` : "");
export const named = () => Math.max(0, Math.min(pictures().length, Number(location.hash.replace("#output-", "")) || 1) - 1);

let last = 0;

/** The page of an address into the sheet. false: it led elsewhere and the browser follows, or nobody waits for it now. */
export async function fetchInto(address) {
  const mine = (last += 1);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (mine !== last) return false;
  if (!answer?.ok || answer.redirected) {
    location.assign(answer?.redirected ? answer.url : address);
    return false;
  }
  const html = await answer.text();
  if (mine !== last) return false;
  place.innerHTML = html;
  return true;
}

// Who closed the sheet does not want it back.
dialog?.addEventListener("close", () => (last += 1));

export function enter() {
  window.htmx?.process(place);
  if (!dialog.open) dialog.showModal();
  for (const { dataset } of place.querySelectorAll("[data-ahead]")) new Image().src = dataset.ahead;
}

/** Which one, counted from 0. control: what is being used, and keeps the focus. */
export function show(index, control = null) {
  pictures().forEach((picture, number) => {
    picture.hidden = number !== index;
    if (picture.hidden) picture.querySelector("video")?.pause();
  });
  const pane = pictures()[index];
  const isFilm = Boolean(pane.querySelector("video"));
  current.sight = new Sight(isFilm ? [] : [pane]);
  for (const part of place.querySelectorAll("[data-of-picture]")) part.hidden = Number(part.dataset.ofPicture) !== index + 1;
  for (const button of place.querySelectorAll("[data-look]")) button.disabled = isFilm;
  for (const thumb of place.querySelectorAll("[data-show]")) {
    thumb.setAttribute("aria-pressed", String(Number(thumb.dataset.show) === index));
  }
  const { newer, older, title } = page().dataset;
  place.querySelector("[data-step='-1']").disabled = !newer && index === 0;
  place.querySelector("[data-step='1']").disabled = !older && index === pictures().length - 1;
  document.title = title;
  dialog.querySelector("[role=status]").textContent = title;
  const again = control && place.querySelector(control);
  (again && !again.disabled ? again : place.querySelector("[data-stage]")).focus({ preventScroll: true });
}
