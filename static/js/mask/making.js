// Files from a drawing: the mask, and the picture in a larger frame.
import { canvasOf } from "./drawing.js";

const BLACK = "#000";
const WHITE = "#fff";

/** White where something is to change, as large as the new picture; soft for `feather` pixels round the edges. */
export function maskOf(drawing) {
  const [, , width, height] = drawing.box;
  const hard = canvasOf(width, height);
  const marked = hard.getContext("2d");
  marked.drawImage(drawing.canvas, 0, 0);
  if (drawing.isExpanded) fillMargins(marked, drawing.frame, width, height);
  const made = canvasOf(width, height);
  const context = made.getContext("2d");
  if (drawing.feather) {
    // A shadow is soft in every browser; what throws it stands out of sight.
    [context.shadowColor, context.shadowBlur, context.shadowOffsetX] = [WHITE, 2 * drawing.feather, 2 * width];
    context.drawImage(hard, -2 * width, 0);
    context.shadowColor = "transparent";
  } else {
    context.drawImage(hard, 0, 0);
  }
  context.globalCompositeOperation = "source-in";
  context.fillStyle = WHITE;
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = BLACK;
  context.fillRect(0, 0, width, height);
  return made;
}

function fillMargins(context, { left, top, right, bottom }, width, height) {
  context.fillStyle = WHITE;
  context.fillRect(0, 0, width, top);
  context.fillRect(0, height - bottom, width, bottom);
  context.fillRect(0, 0, left, height);
  context.fillRect(width - right, 0, right, height);
}

/** The picture in its larger frame; round it a blurred one of itself, so that a model has colours to go on from. */
export function pictureOf(drawing) {
  const [left, top, width, height] = drawing.box;
  const made = canvasOf(width, height);
  const context = made.getContext("2d");
  const tiny = canvasOf(8, 8);
  tiny.getContext("2d").drawImage(drawing.image, 0, 0, 8, 8);
  context.imageSmoothingQuality = "high";
  context.drawImage(tiny, 0, 0, width, height);
  context.drawImage(drawing.image, -left, -top);
  return made;
}
