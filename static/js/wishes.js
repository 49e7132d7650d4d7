// The preferences of notifications: what this browser allows, asked for on a click and never by itself.
import { show } from "./bell.js";
import { chime } from "./chime.js";

const place = document.querySelector("[data-browser-signs]");

if (place) {
  const ask = place.querySelector("[data-ask-permission]");
  const desktop = place.querySelector("[data-try-desktop]");
  const canShow = "Notification" in window;
  const tell = (state = canShow ? Notification.permission : "absent") => {
    for (const words of place.querySelectorAll("[data-permission]")) words.hidden = words.dataset.permission !== state;
    ask.hidden = state !== "default";
    desktop.hidden = state !== "granted";
  };
  ask.addEventListener("click", async () => {
    await Notification.requestPermission();
    tell();
  });
  desktop.addEventListener("click", () => {
    if (!show({ id: "try", title: desktop.dataset.title, body: desktop.dataset.body })) tell("absent");
  });
  place.querySelector("[data-try-sound]").addEventListener("click", () => chime());
  tell();
}

// Whoever has never chosen one is offered their own, if the studio knows it: not every browser's name is on the list.
const zone = document.querySelector("[data-time-zone]");
if (zone && zone.value === "UTC" && !zone.closest("form").querySelector("[name=is_quiet]").checked) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.list.options].some((option) => option.value === own)) zone.value = own;
}
