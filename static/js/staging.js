// The strip of earlier tries follows the picture in the composer, and grows when another try is done.
import { trayOf } from "./trays.js";

let shown = sourceId();

function sourceId() {
  return trayOf("image")?.querySelector("[data-file][data-full] [data-id]")?.value ?? "";
}

function follow() {
  const id = sourceId();
  if (id === shown || !document.getElementById("staging")) return;
  shown = id;
  window.htmx.trigger("#staging", "look");
}

for (const name of ["htmx:afterSettle", "quote"]) document.addEventListener(name, follow);
document.addEventListener("fragment:placed", (event) => {
  if (event.target.dataset.stage === "completed" && sourceId()) window.htmx.trigger("#staging", "look");
});
