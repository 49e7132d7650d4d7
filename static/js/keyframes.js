// The room of keyframes: what is chosen is sent at once, what is typed after a pause or on the way out, and the foot
// follows when a take is done.

const PAUSE_MS = 1000;
let timer = 0;

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-film] [data-sends]")) return;
  const { form } = event.target;
  form.requestSubmit([...form.elements].find((one) => one.name === "act" && one.value === "save"));
});

document.addEventListener("input", (event) => {
  if (event.target.form?.id !== "film-form" || event.target.matches("[data-sends]")) return;
  stop();
  timer = setTimeout(keep, PAUSE_MS);
});

// The form takes the words along.
document.addEventListener("submit", (event) => event.target.id === "film-form" && stop());
window.addEventListener("pagehide", () => timer && keep());

/** Quietly: the page stays as it is, and so does the focus. */
function keep() {
  stop();
  const body = new FormData(document.getElementById("film-form"));
  body.set("act", "save");
  fetch(location.pathname, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
}

function stop() {
  clearTimeout(timer);
  timer = 0;
}

document.addEventListener("fragment:placed", (event) => {
  const film = event.target.closest?.("[data-film]");
  if (!film || event.target.dataset.stage !== "completed") return;
  const takes = event.target.closest(".segment").querySelector(".takes-choice").id;
  for (const id of ["film-foot", takes]) window.htmx.ajax("GET", location.pathname, { target: `#${id}`, select: `#${id}`, swap: "outerHTML" });
});
