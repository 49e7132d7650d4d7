// Works side by side: one zoom and one place for all of them, a slider between two, and films that run together.
import { GROWTH, isTyping, look } from "./keys.js";
import { point } from "./pointing.js";
import { Sight } from "./sight.js";

const root = document.querySelector("[data-compare]");
const cut = root?.querySelector("[data-cut]");
const isSliding = () => Boolean(root.querySelector("[value=slider]:checked"));

function slide(percent) {
  cut.value = String(percent);
  root.style.setProperty("--cut", `${cut.value}%`);
}

/** A drag over pictures that are seen whole draws the slider along. */
function drag(event, sight) {
  if (!event.buttons || !isSliding() || sight.isClose) return;
  const { left, width } = event.currentTarget.getBoundingClientRect();
  slide(((event.clientX - left) / width) * 100);
}

/** What one does to one film happens to all. */
function together(films) {
  const others = (film) => films.filter((one) => one !== film);
  for (const film of films) {
    film.addEventListener("play", () => others(film).forEach((one) => one.paused && one.play()));
    film.addEventListener("pause", () => others(film).forEach((one) => one.pause()));
    film.addEventListener("seeking", () => {
      for (const one of others(film)) {
        if (Math.abs(one.currentTime - film.currentTime) > 0.1) one.currentTime = film.currentTime;
      }
    });
  }
}

if (root) {
  const panes = [...root.querySelectorAll("[data-stage]")];
  const sight = new Sight(panes);
  for (const pane of panes) {
    point(pane, { sight: () => sight, isPage: true });
    pane.addEventListener("pointerdown", (event) => drag(event, sight));
    pane.addEventListener("pointermove", (event) => drag(event, sight));
    pane.addEventListener("keydown", (event) => isTyping(event) || look(event, sight));
  }
  root.addEventListener("click", (event) => {
    const how = event.target.closest("[data-look]")?.dataset.look;
    if (how === "fit") sight.fit();
    else if (how) sight.zoom(how === "closer" ? GROWTH : 1 / GROWTH);
  });
  cut?.addEventListener("input", () => slide(cut.value));
  root.addEventListener("change", (event) => event.target.name === "layout" && sight.fit());
  together([...root.querySelectorAll("video")]);
}
