// A picture in a frame that may go beyond it, in the picture's pixels; and the frames before this one.

export const SIDES = ["left", "top", "right", "bottom"];
export const NONE = { left: 0, top: 0, right: 0, bottom: 0 };

/** "10 0 10 0", as the server says a frame. */
export function read(text) {
  const numbers = text.split(" ").map(Number);
  return numbers.length === SIDES.length ? Object.fromEntries(SIDES.map((side, index) => [side, numbers[index]])) : null;
}

export const isSame = (one, other) => SIDES.every((side) => one[side] === other[side]);

export class Framed {
  /** image: loaded; id: of the file it is. */
  constructor(image, id) {
    this.image = image;
    this.id = id;
    [this.width, this.height] = [image.naturalWidth, image.naturalHeight];
    this.frame = NONE;
    this.past = [];
    this.future = [];
  }

  /** Left, top, width and height of the frame, seen from the picture's corner. */
  get box() {
    const { left, top, right, bottom } = this.frame;
    return [-left, -top, this.width + left + right, this.height + top + bottom];
  }

  get isExpanded() {
    return !isSame(this.frame, NONE);
  }

  /** What can be undone is written down before it happens; `state` is whatever brings it back. */
  remember(state) {
    this.past.push(state);
    this.future = [];
  }

  /** The state to go back to, or null; the present one can then be had again. */
  undo(present) {
    if (!this.past.length) return null;
    this.future.push(present);
    return this.past.pop();
  }

  redo(present) {
    if (!this.future.length) return null;
    this.past.push(present);
    return this.future.pop();
  }
}
