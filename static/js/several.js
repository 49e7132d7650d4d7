// Further models for the same wish: their names in the summary, no more than may be, and out again from the bill.

const boxes = (area) => [...area.querySelectorAll("[name=also]")];

function settle(area) {
  const chosen = boxes(area).filter((box) => box.checked);
  const isFull = chosen.length >= Number(area.dataset.several);
  for (const box of boxes(area)) box.disabled = isFull && !box.checked;
  const names = area.querySelector("[data-names]");
  const called = chosen.map((box) => box.closest("[data-row]").querySelector(".picker-name").textContent);
  names.textContent = called.join(", ") || names.dataset.none;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[name=also]")) settle(event.target.closest("[data-several]"));
});

// Opened: what can be chosen stands in sight. A toggle does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("[data-several][open]")) event.target.scrollIntoView({ block: "start" });
  },
  { capture: true },
);

document.addEventListener("click", (event) => {
  const model = event.target.closest("[data-untick]")?.dataset.untick;
  const box = model && document.querySelector(`[name=also][value="${CSS.escape(model)}"]`);
  if (!box) return;
  box.checked = false;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  document.getElementById("generate-button").focus();
});

document.addEventListener("htmx:load", (event) => {
  const area = event.target.querySelector?.("[data-several]");
  if (area) settle(area);
});

const area = document.querySelector("[data-several]");
if (area) settle(area);
