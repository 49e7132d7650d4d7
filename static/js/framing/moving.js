// Where a frame goes when it is drawn: to any place, or to the nearest shape that the model offers.
import { dragged } from "../mask/frame.js";

/** A frame with these sides moved by so many pixels; without sides, the picture is moved in its frame. */
export function pulled({ width, height }, sides, [x, y], from, limits) {
  if (!sides.length) {
    const right = Math.round(Math.max(-from.left, Math.min(from.right, x)));
    const down = Math.round(Math.max(-from.top, Math.min(from.bottom, y)));
    return { left: from.left + right, right: from.right - right, top: from.top + down, bottom: from.bottom - down };
  }
  const across = sides.includes("left") ? x - from.left : width + from.right + x;
  const down = sides.includes("top") ? y - from.top : height + from.bottom + y;
  return dragged({ width, height, frame: from }, sides, [across, down], limits);
}

/** Of the shapes, the name of the one most like the frame. */
export function nearestShape(shapes, { width, height }, { left, top, right, bottom }) {
  const ratio = (width + left + right) / (height + top + bottom);
  const off = ([, [across, down]]) => Math.abs(Math.log((ratio * down) / across));
  return [...shapes].reduce((best, one) => (off(one) < off(best) ? one : best))[0];
}

/** A key moves a side outwards or inwards: the next wider or taller shape, or the same where there is none. */
export function nextShape(shapes, chosen, sides, [x, y]) {
  const outwards = (first, last, by) => (sides.includes(last) ? Math.sign(by) : sides.includes(first) ? -Math.sign(by) : 0);
  const order = [...shapes].sort(([, one], [, other]) => one[0] / one[1] - other[0] / other[1]).map(([value]) => value);
  const by = outwards("left", "right", x) || -outwards("top", "bottom", y);
  return order[order.indexOf(chosen) + by] ?? chosen;
}
