// Keys of whoever looks closely: plus, minus and 0; arrows move what is close. Answers whether the key meant anything.

export const GROWTH = 1.4;
const STRIDE = 80;
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export const isTyping = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select, video");

export function look(event, sight) {
  if (event.key === "+" || event.key === "=") sight.zoom(GROWTH);
  else if (event.key === "-") sight.zoom(1 / GROWTH);
  else if (event.key === "0") sight.fit();
  else if (event.key in ARROWS && sight.isClose) sight.pan(...ARROWS[event.key].map((one) => one * STRIDE));
  else return false;
  event.preventDefault();
  return true;
}
