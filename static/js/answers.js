// What htmx does with the server's answers: cards go where cards go, refusals are shown, silence is told.
import { place } from "./fragments.js";

// What the page does by itself neither tells of its failure nor takes away what is being read.
const isQuiet = (event) => Boolean(event.detail.elt?.matches("[data-quiet]"));

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("X-Live-Fragment")) {
    event.detail.shouldSwap = false;
    // In the queue a new try takes its place by the socket.
    const isInQueue = event.detail.requestConfig.elt.closest("[data-jobs]");
    if (!place(xhr.responseText, true) && !isInQueue) follow(xhr.responseText, event.detail.requestConfig.path);
  } else if (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (xhr.status >= 400 && !isQuiet(event)) {
    tell(xhr.getResponseHeader("X-Fresh-Token") ? "text-stale" : wordsFor(xhr.status));
  }
});

/** Without words of its own: a page of an error, or what stands in front of the studio. */
function wordsFor(status) {
  if (status >= 500) return "text-broken";
  return document.getElementById(`text-${status}`) ? `text-${status}` : "text-400";
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const isRead = event.detail.requestConfig?.verb === "get";
    if (!isQuiet(event)) tell(isRead ? "text-unread" : "text-unreachable");
  });
}
document.addEventListener("htmx:beforeRequest", (event) => isQuiet(event) || document.getElementById("notice").replaceChildren());

/** A new try made on a page without a stream is shown on its own page. */
function follow(html, path) {
  if (!path.endsWith("/retry/")) return;
  const link = new DOMParser().parseFromString(html, "text/html").querySelector("a[href]");
  if (link) location.assign(link.getAttribute("href"));
}

function tell(id) {
  const text = document.getElementById(id).content.cloneNode(true);
  document.getElementById("notice").replaceChildren(text);
}
