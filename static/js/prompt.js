// The prompt field: how long it is, Ctrl+Enter sends, Alt+arrows walk through what was asked before.
// A wish that met a closed door (signed out meanwhile) is there again after signing in.

const NEARLY_FULL = 0.9;
const REMEMBERED = 100;
const AHEAD = 5;
const KEPT = "kept-prompt";
const SIGNED_OUT = 401;
let step = -1;
let draft = "";

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-prompt-field]")) return;
  step = -1;
  count(event.target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-prompt-field]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.getElementById("generate-button").click();
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    walk(field, event.key === "ArrowUp" ? 1 : -1);
  }
});

function walk(field, by) {
  const prompts = earlier();
  if (step === -1) draft = field.value;
  step = Math.max(-1, Math.min(step + by, prompts.length - 1, REMEMBERED - 1));
  field.value = step === -1 ? draft : prompts[step];
  count(field);
  // What is walked to is a draft like what is typed; it does not end the walk.
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** What stands on the page first, then what the server remembers, which is asked for in time. */
function earlier() {
  const cards = [...document.querySelectorAll("[data-prompt]")].map((card) => card.dataset.prompt);
  const rows = [...document.querySelectorAll("#past [data-past-prompt]")].map((row) => row.textContent);
  const prompts = [...new Set([...cards, ...rows])].filter(Boolean);
  window.htmx.trigger("#past-panel", "earlier");
  const more = document.querySelector("#past [data-more]");
  if (more && step > prompts.length - AHEAD) window.htmx.trigger(more, "more");
  return prompts;
}

function count(field) {
  const number = document.querySelector("[data-prompt-count]");
  // Characters as the server counts them, not UTF-16 halves.
  number.textContent = String([...field.value].length);
  number.parentElement.classList.toggle("is-near", field.value.length > field.maxLength * NEARLY_FULL);
}

// Before htmx follows the answer to the sign-in page.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const field = document.querySelector("[data-prompt-field]");
  if (event.detail.xhr.status === SIGNED_OUT && field?.value) sessionStorage.setItem(KEPT, field.value);
});

const field = document.querySelector("[data-prompt-field]");
const kept = sessionStorage.getItem(KEPT);
if (field && kept) {
  sessionStorage.removeItem(KEPT);
  if (!field.value) {
    field.value = kept;
    count(field);
  }
}
