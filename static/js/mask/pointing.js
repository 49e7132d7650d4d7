// Mouse, pen and fingers on the editor's canvas: one draws, two move and zoom.
import { dragged, handleAt } from "./frame.js";
import { pressureOf } from "./strokes.js";

const WHEEL = 0.0015;
const MIDDLE_BUTTON = 1;

export class Pointing {
  /** desk: drawing, sight, tool, size, isHolding (the key that pans) and refresh(). */
  constructor(canvas, desk) {
    this.canvas = canvas;
    this.desk = desk;
    this.down = new Map();
    this.draft = null;
    this.cursor = null;
    const heard = { pointerdown: "press", pointermove: "move", pointerup: "lift", pointercancel: "stop", pointerleave: "leave", wheel: "roll" };
    for (const [name, method] of Object.entries(heard)) canvas.addEventListener(name, (event) => this[method](event), { passive: false });
  }

  press(event) {
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, this.desk.sight.onScreen(event));
    if (this.down.size > 1) return this.#giveUp();
    const isPan = this.desk.isHolding || event.button === MIDDLE_BUTTON || this.desk.tool === "pan";
    this.draft = isPan ? { kind: "pan" } : this.#begin(event);
  }

  #begin(event) {
    const { drawing, sight, size } = this.desk;
    const at = sight.inPicture(sight.onScreen(event));
    const erases = this.desk.tool === "eraser";
    if (this.desk.tool === "frame") {
      const handle = handleAt(drawing, at, sight.scale);
      return handle && { kind: "frame", sides: handle.sides };
    }
    if (this.desk.tool === "rectangle") return { kind: "rectangle", points: [at, at], erases };
    if (this.desk.tool === "lasso") return { kind: "lasso", points: [at], erases };
    const operation = { kind: "path", size, erases, points: [[...at.map(tenth), pressureOf(event)]] };
    drawing.add(operation);
    this.desk.refresh();
    return operation;
  }

  move(event) {
    const { sight, refresh } = this.desk;
    const screen = sight.onScreen(event);
    this.cursor = sight.inPicture(screen);
    const before = this.down.get(event.pointerId);
    if (before) {
      if (this.down.size === 2) this.#pinch(event.pointerId, screen);
      else if (this.draft?.kind === "pan") sight.pan(screen[0] - before[0], screen[1] - before[1]);
      else if (this.draft) this.#goOn(event);
      this.down.set(event.pointerId, screen);
    }
    refresh();
  }

  #goOn(event) {
    const { drawing, sight } = this.desk;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) {
      const at = sight.inPicture(sight.onScreen(one));
      if (this.draft.kind === "path") drawing.extend(this.draft, [...at.map(tenth), pressureOf(one)]);
      if (this.draft.kind === "lasso") this.draft.points.push(at.map(tenth));
      if (this.draft.kind === "rectangle") this.draft.points[1] = at;
      if (this.draft.kind === "frame") this.#reframe(at);
    }
  }

  /** One operation for a drag, however many points it went through. */
  #reframe(at) {
    const { drawing } = this.desk;
    const frame = dragged(drawing, this.draft.sides, at);
    if (this.draft.operation) drawing.take(this.draft.operation);
    drawing.add(frame);
    this.draft.operation = frame;
  }

  #pinch(id, screen) {
    const { sight } = this.desk;
    const [[, other]] = [...this.down].filter(([one]) => one !== id);
    const before = this.down.get(id);
    const far = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
    const middle = (one) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
    const [was, is] = [middle(before), middle(screen)];
    sight.pan(is[0] - was[0], is[1] - was[1]);
    if (far(before) > 0) sight.zoom(far(screen) / far(before), is);
  }

  lift(event) {
    this.down.delete(event.pointerId);
    const { draft } = this;
    if (draft?.kind === "rectangle" || (draft?.kind === "lasso" && draft.points.length > 2)) this.desk.drawing.add(draft);
    this.draft = null;
    this.desk.refresh();
    this.desk.drawing.save();
  }

  stop(event) {
    this.down.delete(event.pointerId);
    this.#giveUp();
  }

  leave() {
    this.cursor = null;
    this.desk.refresh();
  }

  roll(event) {
    event.preventDefault();
    this.desk.sight.zoom(Math.exp(-event.deltaY * WHEEL), this.desk.sight.onScreen(event));
    this.desk.refresh();
  }

  /** A second finger, or the system, has taken over: what the first one began was not meant. */
  #giveUp() {
    if (this.draft?.kind === "path") this.desk.drawing.take(this.draft);
    this.draft = null;
    this.desk.refresh();
  }
}

const tenth = (value) => Math.round(value * 10) / 10;
