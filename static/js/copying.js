// Copies the text of an element and shows for a moment that it did.

const SHOWN_FOR = 1600;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
  const use = button.querySelector("use");
  const former = use.getAttribute("href");
  use.setAttribute("href", "#icon-check");
  setTimeout(() => use.setAttribute("href", former), SHOWN_FOR);
});

// Without https the browser gives no clipboard.
if (!navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = true;
}
