// Keys that are faster than the answers wait for their turn: each acts on the page as the one before has left it.

const PATH = "/library/act/";
const waiting = [];
let isBusy = false;

function next() {
  isBusy = false;
  while (waiting.length && !isBusy) isBusy = waiting.shift()();
}

/** press(): whether it sent a form of the library. */
export function inTurn(press) {
  waiting.push(press);
  if (!isBusy) next();
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.path.endsWith(PATH)) next();
});
