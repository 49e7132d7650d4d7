// How closely one looks, and where: one factor and one place for all panes that move together.

const MOST = 16;
const LEAST = 1;

export class Sight {
  /** panes: elements whose content fills them at factor 1. */
  constructor(panes) {
    this.panes = panes;
    this.fit();
  }

  get isClose() {
    return this.scale > LEAST;
  }

  fit() {
    [this.scale, this.x, this.y] = [LEAST, 0, 0];
    this.#show();
  }

  /** Closer by a factor; the point, counted from the middle of a pane, stays where it is. */
  zoom(factor, [x, y] = [0, 0]) {
    const scale = Math.min(MOST, Math.max(LEAST, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.#show();
  }

  pan(byX, byY) {
    this.x += byX;
    this.y += byY;
    this.#show();
  }

  #show() {
    const { clientWidth = 0, clientHeight = 0 } = this.panes[0] ?? {};
    const [widest, highest] = [clientWidth, clientHeight].map((side) => (side * (this.scale - 1)) / 2);
    this.x = Math.min(widest, Math.max(-widest, this.x));
    this.y = Math.min(highest, Math.max(-highest, this.y));
    for (const pane of this.panes) {
      pane.classList.toggle("is-close", this.isClose);
      for (const child of pane.querySelectorAll("[data-moves]")) {
        child.style.transform = this.isClose ? `translate(${this.x}px, ${this.y}px) scale(${this.scale})` : "";
      }
    }
  }
}
