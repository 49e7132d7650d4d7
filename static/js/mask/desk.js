// The editor's dialog: its tools, what they act on, and what is shown of it.
import { distribute, trayOf } from "../trays.js";
import { Acts } from "./acts.js";
import { Drawing } from "./drawing.js";
import { handlesOf, shaped } from "./frame.js";
import { listen } from "./keys.js";
import { maskOf, pictureOf } from "./making.js";
import { Pointing } from "./pointing.js";
import { Sight } from "./sight.js";

const blobOf = (canvas, type, quality) => new Promise((resolve) => canvas.toBlob(resolve, type, quality));

export class Desk extends Acts {
  constructor(dialog) {
    super();
    this.dialog = dialog;
    this.canvas = dialog.querySelector("canvas");
    this.sight = new Sight(this.canvas);
    this.pointing = new Pointing(this.canvas, this);
    this.isHolding = false;
    this.crosshair = null;
    this.started = null;
    dialog.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")));
    dialog.addEventListener("input", () => this.#settings());
    dialog.addEventListener("cancel", () => this.drawing.save());
    new ResizeObserver(() => this.drawing && this.refresh()).observe(this.canvas);
    listen(dialog, this);
  }

  get tool() {
    return this.dialog.querySelector("[name=mask-tool]:checked").value;
  }

  /** Pixels of the picture across. */
  get size() {
    return Number(this.dialog.querySelector("[data-size]").value);
  }

  async open(address, key) {
    const image = new Image();
    image.src = address;
    await image.decode();
    this.drawing = new Drawing(image, key);
    this.#ranges();
    this.dialog.showModal();
    this.sight.fit(this.drawing);
    this.canvas.focus();
    this.refresh();
  }

  refresh = () => {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.#show();
    });
  };

  #show() {
    const { drawing, pointing } = this;
    const at = this.crosshair ?? pointing.cursor;
    const draft = this.started ? { kind: "rectangle", points: [this.started, at] } : pointing.draft;
    const isBrush = this.tool === "brush" || this.tool === "eraser";
    this.sight.paint(drawing, {
      draft,
      cursor: at && (isBrush || this.crosshair) ? { at, size: isBrush ? this.size : 12 / this.sight.scale } : null,
      handles: this.tool === "frame" ? handlesOf(drawing) : null,
    });
    const [, , width, height] = drawing.box;
    this.dialog.querySelector("[data-readout]").textContent = `${width} × ${height}`;
    this.dialog.querySelector("[data-act=done]").disabled = drawing.isEmpty;
    this.dialog.querySelector("[data-act=undo]").disabled = !drawing.operations.length;
    this.dialog.querySelector("[data-act=redo]").disabled = !drawing.undone.length;
    this.canvas.style.cursor = this.isHolding || this.tool === "pan" ? "grab" : isBrush ? "none" : "crosshair";
  }

  #act(button) {
    if (!button) return;
    if (button.dataset.act === "shape") this.change(() => this.drawing.add(shaped(this.drawing, ...button.dataset.shape.split(":").map(Number))), this.fit);
    else if (button.dataset.act === "zoom") this.zoom(Number(button.dataset.by));
    else this[button.dataset.act]();
  }

  change(work, after = this.refresh) {
    work();
    this.drawing.save();
    after();
  }

  #ranges() {
    const size = this.dialog.querySelector("[data-size]");
    size.max = Math.round(Math.max(this.drawing.width, this.drawing.height) / 3);
    if (!this.wasOpen) size.value = Math.round(Math.min(this.drawing.width, this.drawing.height) / 14);
    this.wasOpen = true;
    this.dialog.querySelector("[data-feather]").value = this.drawing.feather;
    this.#settings();
  }

  #settings() {
    this.drawing.feather = Number(this.dialog.querySelector("[data-feather]").value);
    for (const input of this.dialog.querySelectorAll("[data-size], [data-feather]")) input.nextElementSibling.textContent = input.value;
    this.dialog.dataset.tool = this.tool;
    this.refresh();
  }

  #turn(name, value) {
    const input = this.dialog.querySelector(`[data-${name}]`);
    input.value = value;
    this.#settings();
  }

  resize(factor) {
    this.#turn("size", factor > 1 ? Math.ceil(this.size * factor) : Math.floor(this.size * factor));
  }

  soften(by) {
    this.#turn("feather", this.drawing.feather + by);
  }

  take(tool) {
    this.dialog.querySelector(`[name=mask-tool][value=${tool}]`).checked = true;
    this.#settings();
  }

  hold(isHeld) {
    this.isHolding = isHeld;
    this.refresh();
  }

  close = () => {
    this.drawing.save();
    this.dialog.close();
  };

  /** Hands over the mask, and before it the larger picture if there is one. */
  done = async () => {
    const { drawing } = this;
    const mask = await blobOf(maskOf(drawing), "image/png");
    const larger = drawing.isExpanded ? await blobOf(pictureOf(drawing), "image/jpeg", 0.95) : null;
    this.close();
    if (larger) distribute([new File([larger], "larger.jpg", { type: larger.type })], trayOf("image"));
    distribute([new File([mask], "mask.png", { type: mask.type })], trayOf("mask"));
  };
}
