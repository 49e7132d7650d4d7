// What was just done is said aloud and can be taken back, by Ctrl+Z too; over an open sheet as well as over the page.

const STAYS = 30_000;
const KEYS = ["z", "я"];
const TYPING = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable], #mask-editor *";
// Where a toast is said; what stands elsewhere is a specimen.
const SAID = ":is(.notice-area, dialog)";
const home = document.querySelector(".notice-area");
let timer = 0;

const toasts = () => [...document.querySelectorAll(`${SAID} [data-toast]`)];
const isUsed = (toast) => toast.matches(":hover, :focus-within");

function say(toast) {
  document.getElementById("say").textContent = toast.querySelector(".toast-text").textContent;
}

function leave() {
  if (toasts().some(isUsed)) wait();
  else toasts().forEach((toast) => toast.remove());
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(leave, STAYS);
}

/** A sheet makes everything beside it dead: the toast goes into it. */
function raise(place) {
  const sheet = [...document.querySelectorAll("dialog[open]")].pop();
  (sheet ?? home).append(place);
}

document.addEventListener("fragment:placed", ({ target }) => {
  if (target.id !== "toast") return;
  raise(target);
  document.querySelectorAll(".notice-area [role=status] [data-toast]").forEach((old) => old.remove());
  say(target);
  wait();
});

document.addEventListener("close", () => home.append(document.getElementById("toast")), { capture: true });

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
});

document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && KEYS.includes(event.key.toLowerCase());
  const button = document.querySelector(`${SAID} [data-toast-act]`);
  if (!isUndo || !button || event.defaultPrevented || event.target.closest(TYPING)) return;
  event.preventDefault();
  button.click();
});

// What came with the page is said once the page has been read out.
if (toasts().length) {
  setTimeout(() => toasts().forEach(say), 500);
  wait();
}
