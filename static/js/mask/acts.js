// What can be done at the editor's desk by a button or a key, besides drawing.

export class Acts {
  undo = () => {
    this.change(() => this.drawing.undo());
  };

  redo = () => {
    this.change(() => this.drawing.redo());
  };

  invert = () => {
    this.change(() => this.drawing.add({ kind: "invert" }));
  };

  all = () => {
    this.change(() => this.drawing.add({ kind: "all" }));
  };

  none = () => {
    this.change(() => this.drawing.add({ kind: "none" }));
  };

  tint = () => {
    this.sight.isTinted = !this.sight.isTinted;
    this.refresh();
  };

  zoom = (factor) => {
    this.sight.zoom(factor);
    this.refresh();
  };

  fit = () => {
    this.sight.fit(this.drawing);
    this.refresh();
  };

  /** The crosshair of the keyboard moves, in pixels of the screen. */
  point = ([byX, byY]) => {
    const { width, height } = this.drawing;
    const [x, y] = this.crosshair ?? [width / 2, height / 2];
    this.crosshair = [x + byX / this.sight.scale, y + byY / this.sight.scale];
    this.refresh();
  };

  /** The first corner of a rectangle where the crosshair stands, then the second. */
  corner = () => {
    const at = this.crosshair ?? [this.drawing.width / 2, this.drawing.height / 2];
    this.crosshair = at;
    if (this.started) this.change(() => this.drawing.add({ kind: "rectangle", points: [this.started, at], erases: this.tool === "eraser" }));
    this.started = this.started ? null : at;
    this.refresh();
  };
}
