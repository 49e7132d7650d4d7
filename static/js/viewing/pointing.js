// Mouse, pen and fingers over a picture: the wheel and two fingers zoom, a drag moves what is close, a swipe goes on.

const WHEEL = 0.0015;
const CLOSER = 2.5;
const SWIPE = 48;
const STEEP = 1.5;

/** sight(): what is looked through now. swipe(by): a finger drew past a picture seen whole. isPage: the wheel scrolls it. */
export function point(pane, { sight, swipe = () => {}, isPage = false }) {
  const down = new Map();
  let begun = null;

  const at = (event) => {
    const inner = sight().panes.find((one) => pane.contains(one)) ?? pane;
    const { left, top, width, height } = inner.getBoundingClientRect();
    return [event.clientX - left - width / 2, event.clientY - top - height / 2];
  };

  const isElsewhere = ({ target }) => !target.closest("[data-stage]") || target.closest("video, button, a");

  function press(event) {
    if (event.button || isElsewhere(event)) return;
    pane.setPointerCapture(event.pointerId);
    down.set(event.pointerId, at(event));
    begun = down.size === 1 ? at(event) : null;
  }

  function move(event) {
    const before = down.get(event.pointerId);
    if (!before) return;
    const here = at(event);
    if (down.size === 2) pinch(event.pointerId, before, here);
    else if (sight().isClose) sight().pan(here[0] - before[0], here[1] - before[1]);
    down.set(event.pointerId, here);
  }

  function pinch(id, before, here) {
    const [[, other]] = [...down].filter(([one]) => one !== id);
    const far = ([x, y]) => Math.hypot(x - other[0], y - other[1]);
    const middle = ([x, y]) => [(x + other[0]) / 2, (y + other[1]) / 2];
    const [was, is] = [middle(before), middle(here)];
    sight().pan(is[0] - was[0], is[1] - was[1]);
    if (far(before) > 0) sight().zoom(far(here) / far(before), is);
  }

  function lift(event) {
    const here = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (!here || !begun || sight().isClose || event.type === "pointercancel") return;
    const [x, y] = [here[0] - begun[0], here[1] - begun[1]];
    if (event.pointerType !== "mouse" && Math.abs(x) > SWIPE && Math.abs(x) > STEEP * Math.abs(y)) swipe(x < 0 ? 1 : -1);
  }

  function roll(event) {
    if (isElsewhere(event) || (isPage && !event.ctrlKey && !sight().isClose)) return;
    event.preventDefault();
    sight().zoom(Math.exp(-event.deltaY * WHEEL), at(event));
  }

  function double(event) {
    if (isElsewhere(event)) return;
    if (sight().isClose) sight().fit();
    else sight().zoom(CLOSER, at(event));
  }

  const heard = { pointerdown: press, pointermove: move, pointerup: lift, pointercancel: lift, wheel: roll, dblclick: double };
  for (const [name, hear] of Object.entries(heard)) pane.addEventListener(name, hear, { passive: false });
}
