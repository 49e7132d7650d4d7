// What is seen of a drawing: how large, which part, and everything round it that is no part of the mask.
import { boxOf, INK, outline } from "./strokes.js";

const MARGIN = 32;
const LEAST = 0.05;
const MOST = 16;
const CHECK = 12;
const HANDLE = 12;

export class Sight {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.scale = 1;
    [this.x, this.y] = [0, 0];
    this.isTinted = true;
  }

  /** The whole of it, in the middle. */
  fit(drawing) {
    const [left, top, width, height] = drawing.box;
    const { clientWidth, clientHeight } = this.canvas;
    this.scale = Math.min((clientWidth - 2 * MARGIN) / width, (clientHeight - 2 * MARGIN) / height, MOST);
    this.x = (clientWidth - width * this.scale) / 2 - left * this.scale;
    this.y = (clientHeight - height * this.scale) / 2 - top * this.scale;
  }

  /** Closer by a factor, with the point of the screen staying where it is. */
  zoom(factor, [x, y] = [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2]) {
    const scale = Math.min(MOST, Math.max(LEAST, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
  }

  pan(byX, byY) {
    this.x += byX;
    this.y += byY;
  }

  /** Where a pointer is on the screen's canvas, in CSS pixels. */
  onScreen(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** And in the picture, in its pixels. */
  inPicture([x, y]) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  paint(drawing, { draft = null, cursor = null, handles = null } = {}) {
    const { canvas, context, scale } = this;
    const ratio = window.devicePixelRatio;
    const [wide, high] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * this.x, ratio * this.y);
    this.#checkers(drawing.box);
    context.imageSmoothingEnabled = scale < 3;
    context.drawImage(drawing.image, 0, 0);
    if (this.isTinted) {
      context.globalAlpha = 0.5;
      context.filter = drawing.feather ? `blur(${drawing.feather * scale * ratio}px)` : "none";
      context.drawImage(drawing.canvas, drawing.box[0], drawing.box[1]);
      context.filter = "none";
      context.globalAlpha = 1;
    }
    context.lineWidth = 1.5 / scale;
    if (draft) this.#draft(draft);
    if (cursor) this.#ring(cursor);
    if (handles) this.#handles(drawing.box, handles);
  }

  /** Under what is beyond the picture's edges. */
  #checkers([left, top, width, height]) {
    const { context } = this;
    const side = CHECK / this.scale;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.fillStyle = "#8f8f8f";
    context.fillRect(left, top, width, height);
    context.fillStyle = "#747474";
    for (let row = 0; row * side < height; row += 1) {
      for (let column = row % 2; column * side < width; column += 2) {
        context.fillRect(left + column * side, top + row * side, side, side);
      }
    }
    context.restore();
  }

  #draft({ kind, points }) {
    const { context } = this;
    context.strokeStyle = INK;
    context.setLineDash([6 / this.scale, 4 / this.scale]);
    if (kind === "rectangle") context.strokeRect(...boxOf(points));
    else if (kind === "lasso") {
      outline(context, points);
      context.stroke();
    }
    context.setLineDash([]);
  }

  /** The brush, dark and light, so that it is seen on everything. */
  #ring({ at: [x, y], size }) {
    const { context } = this;
    for (const [colour, radius] of [["#000", size / 2], ["#fff", size / 2 - 1.5 / this.scale]]) {
      context.strokeStyle = colour;
      context.beginPath();
      context.arc(x, y, Math.max(radius, 0.5 / this.scale), 0, 2 * Math.PI);
      context.stroke();
    }
  }

  #handles([left, top, width, height], handles) {
    const { context } = this;
    const side = HANDLE / this.scale;
    context.strokeStyle = "#fff";
    context.strokeRect(left, top, width, height);
    for (const { x, y } of handles) {
      context.fillStyle = "#fff";
      context.fillRect(x - side / 2, y - side / 2, side, side);
      context.strokeStyle = "#000";
      context.strokeRect(x - side / 2, y - side / 2, side, side);
    }
  }
}
