// The frame that makes a picture larger: eight handles, shapes to choose, and how large it may become.

// Of a side, in pixels: what the studio takes as a file.
const LONGEST = 4096;
const REACH = 22;
const whole = (value) => Math.max(0, Math.round(value));

/** The eight handles of a drawing's frame, in the picture's pixels; each names the sides that it moves. */
export function handlesOf(drawing) {
  const [left, top, width, height] = drawing.box;
  const across = [["left", left], ["", left + width / 2], ["right", left + width]];
  const down = [["top", top], ["", top + height / 2], ["bottom", top + height]];
  return down.flatMap(([rowName, y]) =>
    across.filter(([name]) => name || rowName).map(([name, x]) => ({ x, y, sides: [name, rowName].filter(Boolean) })),
  );
}

/** The handle under a point, or near it; a finger needs more room than a drawn square. */
export function handleAt(drawing, [x, y], scale) {
  const near = (one) => Math.hypot(one.x - x, one.y - y);
  const [first] = handlesOf(drawing).sort((one, other) => near(one) - near(other));
  return near(first) * scale <= REACH ? first : null;
}

/** The frame when these sides are drawn to a point. Never smaller than the picture, never larger than it may be. */
export function dragged(drawing, sides, [x, y], { longest, most } = { longest: LONGEST, most: LONGEST }) {
  const frame = { ...drawing.frame, kind: "frame" };
  const within = (pixels, side, other) => Math.min(whole(pixels), most, Math.max(0, longest - side - other));
  if (sides.includes("left")) frame.left = within(-x, drawing.width, frame.right);
  if (sides.includes("right")) frame.right = within(x - drawing.width, drawing.width, frame.left);
  if (sides.includes("top")) frame.top = within(-y, drawing.height, frame.bottom);
  if (sides.includes("bottom")) frame.bottom = within(y - drawing.height, drawing.height, frame.top);
  return frame;
}

/** The smallest frame of a shape round the picture, which stands in its middle. */
export function shaped(drawing, across, down, { longest } = { longest: LONGEST }) {
  const width = Math.max(drawing.width, Math.round((drawing.height * across) / down));
  const height = Math.max(drawing.height, Math.round((drawing.width * down) / across));
  const [more, higher] = [Math.max(0, Math.min(width, longest) - drawing.width), Math.max(0, Math.min(height, longest) - drawing.height)];
  const [left, top] = [Math.floor(more / 2), Math.floor(higher / 2)];
  return { kind: "frame", left, top, right: whole(more) - left, bottom: whole(higher) - top };
}
