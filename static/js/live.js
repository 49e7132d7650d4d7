// The socket. It says which change this page has, gets the fragments since, places them and confirms.
// Where none can be had, because a proxy lets none through, the page asks for the same by itself until one opens.
import { reload, showAway } from "./away.js";
import { asked, had, jobs, look, take } from "./changes.js";
import { isPolling, startPolling, stopPolling } from "./polling.js";

const TRIES_UNTIL_SLOW = 5;
const TRIES_UNTIL_POLLING = 2;
const LONGEST_WAIT = 30_000;
const SILENCE = 60_000;
const LOOK_EVERY = 5_000;
const SIGNED_OUT = 4401;
const TOO_MANY = 4409;
const FULL = 4013;
// Let go on purpose: by a server that restarts, by one that is full. When to come back, at random between the two.
const WAITS = { 4012: [500, 5_000], [FULL]: [30_000, 60_000] };

const page = document.body;
let socket = null;
let failures = 0;
let heardAt = 0;
let retry = 0;
let isLeaving = false;

/** Keeps one socket open as long as the page is looked at by somebody who is signed in. */
export function stayLive() {
  if (page.dataset.cursor === undefined) return;
  connect();
  document.addEventListener("jobs:shown", follow);
  window.addEventListener("online", again);
  window.addEventListener("pagehide", () => {
    isLeaving = true;
    socket?.close();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) again();
  });
  // The server says something every 25 s. A connection may be long dead without either side having been told.
  document.addEventListener("visibilitychange", checkSilence);
  setInterval(checkSilence, LOOK_EVERY);
}

/** The queue was opened over the page: from what it shows on, its rows are told, too. */
function follow() {
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ jobs: Number(jobs().dataset.cursor), ...asked() }));
}

function checkSilence() {
  const isOpen = socket.readyState === WebSocket.OPEN;
  if (!isOpen || document.hidden || Date.now() - heardAt < SILENCE) return;
  page.dataset.live = "off";
  showAway(true);
  again();
}

function again() {
  isLeaving = false;
  failures = 0;
  connect();
}

function connect() {
  clearTimeout(retry);
  const former = socket;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(`${scheme}//${location.host}/ws/live/`);
  socket = mine;
  former?.close();
  mine.onopen = () => {
    heardAt = Date.now();
    stopPolling();
    mine.send(JSON.stringify(had()));
    showAway(false);
    page.dataset.live = "on";
  };
  mine.onmessage = (event) => {
    heardAt = Date.now();
    // Not before: a server that is full, or that cannot read for this page, lets in and closes at once.
    failures = 0;
    document.getElementById("crowded").hidden = true;
    receive(mine, JSON.parse(event.data));
  };
  mine.onclose = (event) => {
    if (mine === socket && !isLeaving) lost(event.code);
  };
}

function receive(mine, frame) {
  if ("t" in frame) return;
  if (take(frame)) mine.send(JSON.stringify({ ack: frame.cursor }));
}

function lost(code) {
  page.dataset.live = "off";
  if (code === SIGNED_OUT) return reload();
  if (code === TOO_MANY) {
    document.getElementById("crowded").hidden = false;
    return;
  }
  if (!isPolling()) showAway(true);
  const [shortest, longest] = WAITS[code] ?? growingWait();
  failures += 1;
  if (failures >= TRIES_UNTIL_POLLING || code === FULL) startPolling(look);
  retry = setTimeout(connect, shortest + Math.random() * (longest - shortest));
}

/** Full jitter: after a crash of the server not everybody comes back in the same instant. */
function growingWait() {
  const longest = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(failures, TRIES_UNTIL_SLOW));
  return [failures ? 1000 : 100, longest];
}
