// A mask over a picture: what was done, in order, and what that looks like. Undone and saved as operations, not pixels.
import { draw, drawPiece } from "./strokes.js";

const NO_FRAME = { left: 0, top: 0, right: 0, bottom: 0 };
// A path of ten thousand points is some 200 kB of text; storage takes a few MB.
const MOST_SAVED = 2_000_000;

export function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}

export class Drawing {
  /** image: loaded; key: what it is saved under. */
  constructor(image, key) {
    this.image = image;
    this.key = `mask:${key}`;
    [this.width, this.height] = [image.naturalWidth, image.naturalHeight];
    this.feather = 0;
    this.operations = [];
    this.undone = [];
    this.#restore();
    this.redraw();
  }

  /** How far the new picture goes beyond the old one, in its pixels. */
  get frame() {
    return this.operations.findLast((one) => one.kind === "frame") ?? NO_FRAME;
  }

  /** Left, top, width and height of the new picture, seen from the old one's corner. */
  get box() {
    const { left, top, right, bottom } = this.frame;
    return [-left, -top, this.width + left + right, this.height + top + bottom];
  }

  get isExpanded() {
    const { left, top, right, bottom } = this.frame;
    return left + top + right + bottom > 0;
  }

  get isEmpty() {
    return !this.isExpanded && this.operations.every((one) => one.kind === "frame" || one.kind === "none" || one.erases);
  }

  add(operation) {
    this.operations.push(operation);
    this.undone = [];
    if (operation.kind === "frame") this.redraw();
    else this.#draw(operation);
  }

  /** A path grows by a point while the pointer moves. */
  extend(operation, point) {
    drawPiece(this.context, operation, operation.points.at(-1), point);
    operation.points.push(point);
  }

  take(operation) {
    this.operations = this.operations.filter((one) => one !== operation);
    this.redraw();
  }

  undo() {
    if (this.operations.length) this.undone.push(this.operations.pop());
    this.redraw();
  }

  redo() {
    if (this.undone.length) this.operations.push(this.undone.pop());
    this.redraw();
  }

  redraw() {
    const [left, top, width, height] = this.box;
    this.canvas = canvasOf(width, height);
    this.context = this.canvas.getContext("2d");
    this.context.translate(-left, -top);
    for (const operation of this.operations) this.#draw(operation);
  }

  save() {
    const text = JSON.stringify({ feather: this.feather, operations: this.operations });
    try {
      if (text.length < MOST_SAVED) sessionStorage.setItem(this.key, text);
    } catch (error) {
      // Storage is full or forbidden: the mask lives as long as the page.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  #restore() {
    const text = sessionStorage.getItem(this.key);
    if (text) ({ feather: this.feather, operations: this.operations } = JSON.parse(text));
  }

  #draw(operation) {
    draw(this.context, operation, this.box);
  }
}
