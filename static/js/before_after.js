// Before and after: a line that is drawn across the picture, or moved by arrow keys. Without it both stand one below the other.

function show(range) {
  range.closest("[data-reveal]").style.setProperty("--at", `${range.value}%`);
}

/** The picture before lies where it lies in the new one. */
function lay(figure) {
  const [left, top, width, height] = figure.dataset.place.split(" ").map((one) => `${one}%`);
  Object.assign(figure.querySelector("[data-original]").style, { left, top, width, height });
  figure.toggleAttribute("data-laid", true);
  show(figure.querySelector("[data-divide]"));
}

function begin() {
  document.querySelectorAll("[data-reveal]:not([data-laid])").forEach(lay);
}

document.addEventListener("input", (event) => event.target.matches("[data-divide]") && show(event.target));
// The viewer's arrows go through several pictures; here they move the line.
document.addEventListener("fragment:placed", begin);
begin();
