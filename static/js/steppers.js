// Minus and plus beside a number, the dice beside the seed; a number that is typed changes the price at once.

const LARGEST_SEED = 2 ** 31 - 1;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-by], [data-roll]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  if (button.matches("[data-roll]")) {
    input.value = input.value === "" ? String(Math.floor(Math.random() * (LARGEST_SEED + 1))) : "";
  } else if (input.value === "") {
    input.value = input.min;
  } else {
    input[button.dataset.by === "1" ? "stepUp" : "stepDown"]();
  }
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// A field is changed only once it is left, and Enter or a press on the button would ask at a price that nobody has read.
document.addEventListener("input", (event) => {
  if (event.target.matches("#settings input[type=number]")) window.htmx.trigger("#generate", "typed");
});
