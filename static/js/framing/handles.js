// Eight handles and the picture itself: by mouse and finger to any place, by arrow keys in steps.

const STRIDE = 16;
const FINE = 1;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const sidesOf = (element) => element.dataset.sides.split(" ").filter(Boolean);

/** editor: begin(), draw(sides, [x, y] in pixels of the screen since the beginning), end(), step(sides, [x, y]). */
export function listen(room, editor) {
  let drawn = null;

  room.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-sides]");
    if (!handle || event.button !== 0 || drawn) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    handle.setPointerCapture(event.pointerId);
    drawn = { id: event.pointerId, sides: sidesOf(handle), from: [event.clientX, event.clientY] };
    editor.begin();
  });

  room.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawn?.id) return;
    editor.draw(drawn.sides, [event.clientX - drawn.from[0], event.clientY - drawn.from[1]]);
  });

  for (const name of ["pointerup", "pointercancel"]) {
    room.addEventListener(name, (event) => {
      if (event.pointerId !== drawn?.id) return;
      drawn = null;
      editor.end(name === "pointerup");
    });
  }

  room.addEventListener("keydown", (event) => {
    const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
    if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y") && !event.target.matches("input")) {
      event.preventDefault();
      return key === "y" || event.shiftKey ? editor.redo() : editor.undo();
    }
    const handle = event.target.closest("[data-sides]");
    if (!handle || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // The viewer's arrows mean other things.
    event.stopPropagation();
    editor.step(sidesOf(handle), STEPS[event.key].map((one) => one * (event.shiftKey ? FINE : STRIDE)));
  });
}
