// The composer's own fields say what is asked for; the frame reads and writes them, and they work without it.
import { read, SIDES } from "./framed.js";

const CUSTOM = "custom";
const SHAPE = /^(\d+):(\d+)$/;

export class Fields {
  constructor(form) {
    this.form = form;
    const { framing, switch: name, longest, most } = form.dataset;
    this.way = framing ?? "";
    this.name = name;
    this.limits = { longest: Number(longest), most: Number(most) };
  }

  /** Shapes that the model offers: [across, down] by the value of its setting. */
  get shapes() {
    return new Map(this.#radios.map((one) => [one.value, SHAPE.exec(one.value)]).filter(([, found]) => found).map(([value, found]) => [value, found.slice(1).map(Number)]));
  }

  get chosen() {
    return new FormData(this.form).get(this.name) ?? "";
  }

  get margins() {
    if (this.way !== "margins" || this.chosen !== CUSTOM) return null;
    return Object.fromEntries(SIDES.map((side) => [side, Number(this.#margin(side).value) || 0]));
  }

  /** What the server made of the settings: the frame in the picture's pixels, the size of the result. */
  get told() {
    const { drawn = "", size = "" } = document.getElementById("framing-now")?.dataset ?? {};
    return { frame: read(drawn), size, price: document.querySelector("#generate .generate-price")?.textContent.trim() ?? "" };
  }

  write(frame) {
    for (const side of SIDES) this.#margin(side).value = String(frame[side]);
    this.choose(CUSTOM);
  }

  /** As if a person had chosen it: what depends on it follows, the price too. */
  choose(value) {
    const radio = this.#radios.find((one) => one.value === value);
    const field = radio ?? this.form.querySelector(`select[name=${this.name}]`);
    if (radio) radio.checked = true;
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get #radios() {
    return [...this.form.querySelectorAll(`[type=radio][name=${this.name}]`)];
  }

  #margin(side) {
    return this.form.querySelector(`[name=margin_${side}]`);
  }
}
