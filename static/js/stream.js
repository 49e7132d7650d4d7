// The stream: older pages join their day, and what arrives while one looks elsewhere is counted instead of shifting the page.

const SCROLLED_AWAY = 240;
let arrived = 0;

document.addEventListener("htmx:afterSettle", () => {
  const seen = new Map();
  for (const day of document.querySelectorAll(".day[data-day]")) {
    const first = seen.get(day.dataset.day);
    if (first) join(first, day);
    else seen.set(day.dataset.day, day);
  }
});

function join(first, later) {
  const list = first.querySelector("ol");
  for (const card of later.querySelectorAll("li")) {
    if (![...list.children].some((other) => other.id === card.id)) list.append(card);
  }
  later.remove();
}

document.addEventListener("fragment:arrived", () => {
  if (window.scrollY < SCROLLED_AWAY) return;
  arrived += 1;
  show();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#arrivals")) window.scrollTo({ top: 0, behavior: "smooth" });
});

window.addEventListener(
  "scroll",
  () => {
    if (arrived && window.scrollY < SCROLLED_AWAY) {
      arrived = 0;
      show();
    }
  },
  { passive: true },
);

function show() {
  const pill = document.getElementById("arrivals");
  pill.querySelector("[data-number]").textContent = String(arrived);
  pill.hidden = arrived === 0;
}
