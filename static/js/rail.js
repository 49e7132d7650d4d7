// The rail, wide or icons alone; a cookie tells the server, so that the next page comes the right width.

const YEAR = 31_536_000;

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-rail-toggle]")) return;
  const width = document.body.dataset.rail === "narrow" ? "wide" : "narrow";
  document.body.dataset.rail = width;
  document.cookie = `rail=${width}; path=/; max-age=${YEAR}; samesite=lax`;
});
