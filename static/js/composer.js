// The composer after a request and after a change of model; the price follows by htmx.

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  const { xhr } = event.detail;
  // After a refusal, too: a key that was used up would be refused for ever.
  const key = xhr.getResponseHeader("X-Next-Key");
  const field = key && form.querySelector("[data-next-key]");
  if (field) field.value = key;
  if (form.id !== "composer" || !xhr.getResponseHeader("X-Live-Fragment")) return;
  document.getElementById("composer-notice").replaceChildren();
  if (form.querySelector("[name=confirm]")) window.htmx.trigger("#generate", "quote");
  document.getElementById("composer-open").checked = false;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-think-again]")) window.htmx.trigger("#generate", "quote");
});

// Another model's composer is as open as this one, and has the words that were typed while it was on its way.
let wasOpen = false;
let typing = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target.id !== "composer") return;
  wasOpen = document.getElementById("composer-open").checked;
  const field = promptOf(target);
  const isOn = field !== null && field === document.activeElement;
  const isTyped = isOn || (field && field.value !== requestConfig.parameters.prompt);
  typing = isTyped ? { words: field.value, at: field.selectionEnd, isOn } : null;
});

const promptOf = (form) => form.querySelector("[data-prompt-field]");

// Whoever types goes on typing where they were. At once: settling comes later, and the next letter may come before.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "composer" || !typing) return;
  const field = promptOf(event.target);
  if (!field) {
    typing = null;
    return;
  }
  field.value = typing.words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (!typing.isOn) return;
  field.focus({ preventScroll: true });
  field.setSelectionRange(typing.at, typing.at);
});

// A button that is being pressed must not be exchanged under the finger: the click would be lost.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "generate" && target.matches(":active")) {
    event.detail.shouldSwap = false;
    document.addEventListener("pointerup", () => setTimeout(() => window.htmx.trigger("#generate", "quote")), { once: true });
  }
});

document.addEventListener("htmx:load", (event) => {
  const form = event.target.closest?.("[data-composer]") ?? event.target.querySelector?.("[data-composer]");
  if (!form) return;
  settle(form);
  if (event.target !== form) return;
  document.getElementById("composer-open").checked = wasOpen;
  if (!typing?.isOn) form.querySelector("#model-button").focus({ preventScroll: true });
  typing = null;
  // What did not go along is in the form, which is not read out as a whole.
  const told = [...form.querySelectorAll("#left-out, #changed")].map((one) => one.textContent);
  document.getElementById("say").textContent = told.join(" ");
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-composer]");
  if (form) settle(form);
});

/** Shows a setting that means something only beside another one just then, and sends it only then. */
function settle(form) {
  for (const field of form.querySelectorAll("[data-only-when]")) {
    const chosen = new FormData(form).get(field.dataset.onlyWhen);
    const applies = chosen === field.dataset.onlyValue;
    field.hidden = !applies;
    for (const input of field.querySelectorAll("input")) input.disabled = !applies;
  }
}

const composer = document.querySelector("[data-composer]");
if (composer) settle(composer);
