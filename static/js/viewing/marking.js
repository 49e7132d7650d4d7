// Marks of the work one looks at, by key: F, 1 to 5 and 0, Delete. In the sheet what was put away makes room for the next.
import { inTurn } from "../turns.js";
import { isTyping } from "./keys.js";
import { current, dialog } from "./pictures.js";

const NAMES = { f: "favourite", а: "favourite", Delete: "trash" };

const marksOf = () => (dialog?.open ? dialog : document.getElementById("result"))?.querySelector("[data-marks]");

/** The key gives so many stars, it does not take them away: that is what 0 is for. */
function buttonOf(marks, key) {
  const given = marks.querySelector(".star[aria-pressed=true]");
  if (key === "0") return given;
  const button = marks.querySelector(`[data-mark="${CSS.escape(NAMES[key] ?? key)}"]`);
  return button === given ? null : button;
}

function press(key) {
  const button = marksOf() ? buttonOf(marksOf(), key) : null;
  button?.click();
  return Boolean(button);
}

function onKey(event) {
  const { key, target } = event;
  if (isTyping(event) || target.closest("dialog:not(#lightbox)") || !marksOf()) return;
  if (!/^[0-5]$/.test(key) && !(key in NAMES)) return;
  // Close by, it is the way back to the whole picture.
  if (key === "0" && current.sight.isClose) return;
  if (key !== "0") event.preventDefault();
  inTurn(() => press(key));
}

/** leave(): on to the next work. renew(): who stands beside this one has changed. */
export function watchMarks(leave, renew) {
  document.addEventListener("keydown", onKey, { capture: true });
  dialog?.addEventListener("htmx:afterRequest", ({ detail }) => {
    const what = String(detail.requestConfig?.parameters?.do ?? "");
    if (!detail.successful) return;
    if (what.startsWith("undo")) renew();
    else if (what.startsWith("trash") && detail.requestConfig.elt.matches("[data-marks]")) leave();
  });
}
