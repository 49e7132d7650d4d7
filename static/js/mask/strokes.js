// What a person does to a mask, one operation at a time, in pixels of the picture; and how each is drawn.
// { kind: "path" | "rectangle" | "lasso", points, size, erases } | { kind: "all" | "none" | "invert" } | { kind: "frame", ... }

export const INK = "#f43f5e";
const MOUSE_PRESSURE = 0.5;

/** A pen's pressure, 0 to 1, makes the brush thinner or thicker; a mouse and a finger have none. */
export const pressureOf = (event) => (event.pointerType === "pen" ? event.pressure : MOUSE_PRESSURE);

const widthAt = (operation, pressure) => operation.size * (0.5 + pressure);

function disc(context, [x, y, pressure], operation) {
  context.beginPath();
  context.arc(x, y, widthAt(operation, pressure) / 2, 0, 2 * Math.PI);
  context.fill();
}

/** One piece of a path: from a point to the next, round at both ends. */
export function drawPiece(context, operation, from, to) {
  prepare(context, operation);
  context.lineCap = "round";
  context.lineWidth = (widthAt(operation, from[2]) + widthAt(operation, to[2])) / 2;
  context.beginPath();
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
  context.stroke();
  disc(context, to, operation);
  context.restore();
}

function prepare(context, operation) {
  context.save();
  context.globalCompositeOperation = operation.erases ? "destination-out" : "source-over";
  context.fillStyle = INK;
  context.strokeStyle = INK;
}

/** The corners of a rectangle on whole pixels: left, top, width, height. */
export function boxOf([[x1, y1], [x2, y2]]) {
  const [left, right] = [Math.round(Math.min(x1, x2)), Math.round(Math.max(x1, x2))];
  const [top, bottom] = [Math.round(Math.min(y1, y2)), Math.round(Math.max(y1, y2))];
  return [left, top, right - left, bottom - top];
}

export function outline(context, points) {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

const PAINTERS = {
  path(context, operation) {
    disc(context, operation.points[0], operation);
    operation.points.slice(1).forEach((point, index) => drawPiece(context, operation, operation.points[index], point));
  },
  rectangle(context, operation) {
    context.fillRect(...boxOf(operation.points));
  },
  lasso(context, operation) {
    outline(context, operation.points);
    context.fill();
  },
};

/** Draws an operation; `frame` is what all, none and invert reach to: left, top, width, height. */
export function draw(context, operation, frame) {
  if (operation.kind === "frame") return;
  if (operation.kind === "none") return context.clearRect(...frame);
  prepare(context, operation);
  if (operation.kind === "invert") context.globalCompositeOperation = "source-out";
  if (operation.kind in PAINTERS) PAINTERS[operation.kind](context, operation);
  else context.fillRect(...frame);
  context.restore();
}
