// A model that takes masks is given the picture in its frame and a mask of what is new, made here and sent before the wish.
import { canvasOf } from "../mask/drawing.js";
import { maskOf, pictureOf } from "../mask/making.js";
import { say, trayOf } from "../trays.js";
import { send } from "../uploads.js";

let sent = { key: "", ids: null };

const blobOf = (canvas, type, quality) => new Promise((resolve) => canvas.toBlob(resolve, type, quality));

/** Holds the wish back until both files are there, if a frame was drawn for a mask. */
export function sendDrawn(event, { framed, own, fields }) {
  const isWish = event.target.id === "composer" && event.detail.verb === "post";
  if (!isWish || fields.way !== "mask" || !own || !framed?.isExpanded) return;
  event.preventDefault();
  deliver(event.target, framed)
    .then((ids) => {
      name(event.target, ids);
      event.detail.issueRequest(true);
    })
    .catch((problem) => say(trayOf("image"), problem.reason, problem.file, problem.sentence));
}

/** Ids of the larger picture and its mask; sent once for one frame, however often it is asked for. */
async function deliver(form, framed) {
  const key = JSON.stringify([framed.id, framed.frame]);
  if (sent.key === key) return sent.ids;
  const drawing = { ...framed, box: framed.box, isExpanded: true, feather: 0, canvas: canvasOf(framed.box[2], framed.box[3]) };
  const picture = await blobOf(pictureOf(drawing), "image/jpeg", 0.95);
  const mask = await blobOf(maskOf(drawing), "image/png");
  const ids = {};
  for (const [slot, blob] of [["image", picture], ["mask", mask]]) {
    const file = new File([blob], `${slot}.${blob.type.split("/")[1]}`, { type: blob.type });
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const stored = await send(document.querySelector("[data-trays]").dataset.address, token, file, () => {}).done.catch((problem) => {
      throw Object.assign(problem, { file });
    });
    ids[slot] = stored.id;
  }
  sent = { key, ids };
  return ids;
}

/** For this one request the form names them instead of the picture. */
function name(form, ids) {
  const given = trayOf("image").querySelector("[data-id]");
  const fields = Object.entries(ids).map(([slot, id]) => Object.assign(document.createElement("input"), { type: "hidden", name: `inputs.${slot}`, value: id }));
  given.disabled = true;
  form.append(...fields);
  const undo = () => {
    given.disabled = false;
    for (const field of fields) field.remove();
  };
  form.addEventListener("htmx:beforeSend", undo, { once: true });
}
