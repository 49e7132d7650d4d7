// A page from before its person signed in anew, perhaps in another tab, is given a fresh token and goes on as it is.

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const token = event.detail.xhr.getResponseHeader("X-Fresh-Token");
  if (!token) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
});
