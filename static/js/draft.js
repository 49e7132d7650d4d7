// What stands in the composer is kept by the server after a pause. Nothing waits for it, and if it fails nothing is said.

const PAUSE_MS = 1000;
let timer = 0;

function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = 0;
    window.htmx.trigger("#draft", "keep");
  }, PAUSE_MS);
}

function stop() {
  clearTimeout(timer);
  timer = 0;
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (event.target.closest("[data-composer]") && !event.target.matches("[data-search], [data-filter]")) keepSoon();
  });
}

// Another model is something to keep, too.
document.addEventListener("htmx:load", (event) => {
  if (event.target.id === "composer") keepSoon();
});

// A wish that is made is no draft any more; one that was refused is.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "composer") stop();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "composer" && !event.detail.xhr.getResponseHeader("X-Live-Fragment")) keepSoon();
});

// What an address began with is the draft by now; said again by a reload, it would take the place of what was written since.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "draft" || !event.detail.successful) return;
  const said = new URLSearchParams(location.search);
  if (said.size && !said.has("cursor")) history.replaceState(history.state, "", location.pathname + location.hash);
});

// Refused for its old token, it has a fresh one by now. Once: what is refused again is not asked for for ever.
let wasStale = false;
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "draft") return;
  const isStale = event.detail.xhr.getResponseHeader("X-Fresh-Token") !== null;
  if (isStale && !wasStale && !timer) keepSoon();
  wasStale = isStale;
});

// Who starts anew or takes something back wants none of it kept.
document.addEventListener("submit", (event) => event.target.matches("#draft-forget, #draft-back") && stop());

// Gone before the pause was over: sent on the way out.
window.addEventListener("pagehide", () => {
  const form = timer && document.querySelector("[data-composer]");
  if (!form) return;
  stop();
  navigator.sendBeacon(form.querySelector("#draft").getAttribute("hx-post"), new FormData(form));
});
