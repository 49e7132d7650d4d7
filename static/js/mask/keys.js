// The editor by keyboard: tools by letter, sizes by brackets, and a rectangle by arrows and Enter.

const TOOLS = { b: "brush", e: "eraser", r: "rectangle", l: "lasso", h: "pan", f: "frame" };
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STRIDE = 16;
const FINE = 1;
const GROWTH = 1.15;

/** What a key does at the desk, or undefined. `code` where a layout puts another letter on the key. */
function actionOf(event, desk) {
  const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  if (event.ctrlKey || event.metaKey) {
    if (letter === "z") return event.shiftKey ? desk.redo : desk.undo;
    return letter === "y" ? desk.redo : undefined;
  }
  if (event.altKey) return undefined;
  const isOnCanvas = event.target === desk.canvas;
  if (isOnCanvas && event.key in STEPS) return () => desk.point(STEPS[event.key].map((one) => one * (event.shiftKey ? FINE : STRIDE)));
  if (isOnCanvas && event.key === "Enter") return desk.corner;
  if (letter in TOOLS) return () => desk.take(TOOLS[letter]);
  if (letter === "x") return desk.invert;
  const others = {
    BracketLeft: () => (event.shiftKey ? desk.soften(-2) : desk.resize(1 / GROWTH)),
    BracketRight: () => (event.shiftKey ? desk.soften(2) : desk.resize(GROWTH)),
    Backslash: desk.tint,
    Minus: () => desk.zoom(1 / GROWTH),
    Equal: () => desk.zoom(GROWTH),
    Digit0: desk.fit,
  };
  return others[event.code];
}

export function listen(dialog, desk) {
  dialog.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input:not([type=range], [type=radio], [type=file]), textarea, select");
    if (event.code === "Space" && !event.target.closest("button, label, input")) {
      event.preventDefault();
      desk.hold(true);
      return;
    }
    const action = isTyping ? undefined : actionOf(event, desk);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
  dialog.addEventListener("keyup", (event) => event.code === "Space" && desk.hold(false));
}
