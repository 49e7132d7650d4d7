// The frame round the picture on the page for expanding, for every way in which models take one.
import { dragged, shaped } from "../mask/frame.js";
import { trayOf } from "../trays.js";
import { Fields } from "./fields.js";
import { Framed, isSame, NONE, SIDES } from "./framed.js";
import { listen } from "./handles.js";
import { nearestShape, nextShape, pulled } from "./moving.js";
import { sendDrawn } from "./sending.js";
import { Stage } from "./stage.js";

class Editor {
  constructor(room) {
    this.room = room;
    this.stage = new Stage(room);
    this.framed = null;
    this.own = null;
    this.begun = null;
    listen(room, this);
    room.addEventListener("click", (event) => this.#act(event.target.closest("[data-act], [data-shape]")));
    room.addEventListener("change", (event) => this.#number(event.target));
    new ResizeObserver(() => this.framed && this.show()).observe(this.stage.ground);
    this.follow();
  }

  /** After anything that may have changed the model, the picture or the settings. */
  follow = async () => {
    const form = document.querySelector("[data-composer]");
    this.fields = new Fields(form);
    const tile = trayOf("image")?.querySelector("[data-file][data-full]");
    this.room.hidden = !this.fields.way;
    this.room.toggleAttribute("data-empty", !tile);
    const id = this.fields.way && tile ? tile.querySelector("[data-id]").value : "";
    if (!id) this.framed = null;
    else if (this.framed?.id !== id) await this.#load(tile.dataset.full, id);
    if (!this.framed || this.begun) return;
    this.framed.frame = this.#asked();
    this.show();
  };

  /** Who chooses by the setting has no more use for what was drawn instead. */
  choose(name) {
    if (name && name === this.fields.name) this.own = null;
  }

  async #load(address, id) {
    const image = new Image();
    image.src = address;
    await image.decode();
    this.framed = new Framed(image, id);
    this.own = null;
  }

  /** The frame that the fields ask for now. */
  #asked() {
    const { fields, framed } = this;
    const shape = fields.shapes.get(fields.chosen);
    if (fields.way === "mask" && this.own) return this.own;
    return fields.margins ?? (shape ? shaped(framed, ...shape, fields.limits) : (fields.told.frame ?? NONE));
  }

  get #state() {
    return { frame: this.framed.frame, chosen: this.fields.chosen, own: this.own };
  }

  show({ isFitted = true } = {}) {
    const { framed, fields } = this;
    if (isFitted) this.stage.fit(framed);
    this.stage.show(framed, { fields, canUndo: framed.past.length > 0, canRedo: framed.future.length > 0 });
  }

  begin() {
    this.begun = this.#state;
  }

  draw(sides, by) {
    this.#ask(pulled(this.framed, sides, by.map((one) => one / this.stage.scale), this.begun.frame, this.fields.limits));
    this.show({ isFitted: false });
  }

  end(isMeant) {
    const { begun } = this;
    this.begun = null;
    if (!isMeant) this.#restore(begun);
    else if (!isSame(begun.frame, this.framed.frame)) this.framed.remember(begun);
    this.follow();
  }

  step(sides, by) {
    const { framed, fields } = this;
    this.change(() => {
      if (fields.way === "ratio") fields.choose(nextShape(fields.shapes, fields.chosen, sides, by));
      else this.#ask(pulled(framed, sides, by, framed.frame, fields.limits));
    });
  }

  undo = () => this.#restore(this.framed.undo(this.#state));

  redo = () => this.#restore(this.framed.redo(this.#state));

  change(work) {
    const before = this.#state;
    work();
    this.framed.frame = this.#asked();
    if (!isSame(before.frame, this.framed.frame)) this.framed.remember(before);
    this.show();
  }

  /** Asks for a frame in the model's way; the frame becomes what it comes to. */
  #ask(frame) {
    const { fields, framed } = this;
    if (fields.way === "margins") fields.write(frame);
    else if (fields.way === "mask") this.own = isSame(frame, NONE) ? null : frame;
    else fields.choose(nearestShape(fields.shapes, framed, frame));
    framed.frame = this.#asked();
  }

  #restore(state) {
    if (!state) return;
    if (state.chosen === "custom") this.fields.write(state.frame);
    else if (state.chosen !== this.fields.chosen) this.fields.choose(state.chosen);
    this.own = state.own;
    this.framed.frame = state.frame;
    this.show();
  }

  #act(button) {
    if (!button || !this.framed) return;
    const { act, shape } = button.dataset;
    if (act === "frame-undo") this.undo();
    else if (act === "frame-redo") this.redo();
    else if (shape) this.change(() => this.#ask(shaped(this.framed, ...shape.split(":").map(Number), this.fields.limits)));
  }

  #number(input) {
    const side = input.dataset.margin;
    if (!SIDES.includes(side)) return;
    const [x, y] = side === "left" || side === "top" ? [-input.value, -input.value] : [this.framed.width + Number(input.value), this.framed.height + Number(input.value)];
    this.change(() => this.#ask(dragged(this.framed, [side], [x, y], this.fields.limits)));
  }
}

const room = document.getElementById("framing");
if (room) {
  const editor = new Editor(room);
  for (const name of ["htmx:afterSettle", "quote", "change"]) document.addEventListener(name, editor.follow);
  document.addEventListener("change", (event) => editor.choose(event.target.name), { capture: true });
  document.addEventListener("htmx:confirm", (event) => sendDrawn(event, editor));
}
