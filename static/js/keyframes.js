// The room of keyframes: what is chosen is sent at once, and the foot follows when a take is done.

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-film] [data-sends]")) return;
  const { form } = event.target;
  form.requestSubmit([...form.elements].find((one) => one.name === "act" && one.value === "save"));
});

document.addEventListener("fragment:placed", (event) => {
  const film = event.target.closest?.("[data-film]");
  if (!film || event.target.dataset.stage !== "completed") return;
  const takes = event.target.closest(".segment").querySelector(".takes-choice").id;
  for (const id of ["film-foot", takes]) window.htmx.ajax("GET", location.pathname, { target: `#${id}`, select: `#${id}`, swap: "outerHTML" });
});
