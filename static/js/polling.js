// Asks by itself while no socket can be had: after 2 s, then ever less often, up to every 15 s, and never unseen.

const SHORTEST = 2_000;
const LONGEST = 15_000;
const GROWTH = 1.5;

let ask = null;
let asking = null;
let wait = SHORTEST;
let timer = 0;

/** look(signal) asks once and answers whether something had changed; then it is asked again soon. */
export function startPolling(look) {
  if (ask) return;
  ask = look;
  begin();
}

export function stopPolling() {
  ask = null;
  end();
}

export const isPolling = () => ask !== null;

function begin() {
  wait = SHORTEST;
  next();
}

function end() {
  clearTimeout(timer);
  asking?.abort();
}

function next() {
  clearTimeout(timer);
  if (ask && !document.hidden) timer = setTimeout(turn, wait);
}

async function turn() {
  const mine = new AbortController();
  asking = mine;
  const changed = await ask(mine.signal);
  if (mine.signal.aborted) return;
  wait = changed ? SHORTEST : Math.min(LONGEST, wait * GROWTH);
  next();
}

document.addEventListener("visibilitychange", () => (document.hidden ? end() : begin()));
