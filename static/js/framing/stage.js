// What is seen of the frame: the picture in it, its handles, and its size and price in words.
import { SIDES } from "./framed.js";

// Of the stage, so that there is room to draw into.
const SHARE = 0.72;

export class Stage {
  constructor(room) {
    this.room = room;
    this.ground = room.querySelector("[data-ground]");
    this.frame = room.querySelector("[data-frame]");
    this.picture = room.querySelector("[data-source]");
    this.scale = 1;
    [this.x, this.y] = [0, 0];
  }

  /** The whole frame in the middle; not while it is being drawn, or it would run away from the finger. */
  fit(framed) {
    const [left, top, width, height] = framed.box;
    const { clientWidth, clientHeight } = this.ground;
    this.scale = Math.min((clientWidth * SHARE) / width, (clientHeight * SHARE) / height);
    this.x = (clientWidth - width * this.scale) / 2 - left * this.scale;
    this.y = (clientHeight - height * this.scale) / 2 - top * this.scale;
  }

  show(framed, { fields, canUndo, canRedo }) {
    const { scale, room } = this;
    const [left, top, width, height] = framed.box;
    if (this.picture.src !== framed.image.src) this.picture.src = framed.image.src;
    place(this.frame, this.x + left * scale, this.y + top * scale, width * scale, height * scale);
    place(this.picture, -left * scale, -top * scale, framed.width * scale, framed.height * scale);
    for (const side of SIDES) room.querySelector(`[data-margin=${side}]`).value = String(framed.frame[side]);
    const { size, price } = fields.told;
    const isRatio = fields.way === "ratio";
    const made = isRatio ? `${fields.chosen} · ${size}` : `${width} × ${height}`;
    room.dataset.way = fields.way;
    room.querySelector("[data-size-before]").textContent = `${framed.width} × ${framed.height}`;
    room.querySelector("[data-size-after]").textContent = made;
    room.querySelector("[data-price]").textContent = price;
    room.querySelector("[data-limit]").hidden = isRatio || Math.max(width, height) < fields.limits.longest;
    room.querySelector("[data-act=frame-undo]").disabled = !canUndo;
    room.querySelector("[data-act=frame-redo]").disabled = !canRedo;
    for (const button of room.querySelectorAll("[data-shape]")) {
      button.hidden = isRatio && !fields.shapes.has(button.dataset.shape);
    }
  }
}

function place(element, left, top, width, height) {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
