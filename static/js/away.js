// What a page does that has lost its server: it says so after a moment, or begins anew.

const PATIENCE_BEFORE_BAR = 1_500;
const SECOND_RESET_AFTER = 15_000;

let bar = 0;
let retry = 0;

/** A page that is loaded anew shows the truth; twice in a row would be a loop. */
export function reload() {
  const last = Number(sessionStorage.getItem("reset-at"));
  if (Date.now() - last < SECOND_RESET_AFTER) {
    clearTimeout(retry);
    retry = setTimeout(reload, SECOND_RESET_AFTER);
    return;
  }
  sessionStorage.setItem("reset-at", String(Date.now()));
  location.reload();
}

/** Shown only after a moment: most losses are over before anybody needs to know. */
export function showAway(isShown) {
  const element = document.getElementById("away");
  if (!isShown) {
    clearTimeout(bar);
    bar = 0;
    element.hidden = true;
  } else if (!bar) {
    bar = setTimeout(() => (element.hidden = false), PATIENCE_BEFORE_BAR);
  }
}
