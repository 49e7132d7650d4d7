// Files dragged over the create page or pasted into it. While they hover, every tray shows that it takes them.
import { distribute } from "./trays.js";

const page = document.body;
const isHere = () => document.querySelector("[data-trays]") !== null;
const bringsFiles = (event) => isHere() && event.dataTransfer?.types.includes("Files");

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  // Text with a picture of itself, as office programs copy it, is text.
  if (!isHere() || !files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  distribute(files);
});

document.addEventListener("dragover", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  page.dataset.dragging = "";
  mark(event.target.closest?.("[data-tray]"));
});

document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) end();
});

// Anywhere on the page: else the browser would leave it and open the file.
document.addEventListener("drop", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  end();
  distribute([...event.dataTransfer.files], event.target.closest?.("[data-tray]"));
});

document.addEventListener("dragend", end);

function end() {
  delete page.dataset.dragging;
  mark(null);
}

function mark(tray) {
  for (const one of document.querySelectorAll("[data-tray]")) one.toggleAttribute("data-over", one === tray);
}
