// The style guide opens dialogs that elsewhere open over work.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-style-dialog]");
  if (button) document.getElementById(button.dataset.styleDialog).showModal();
});
