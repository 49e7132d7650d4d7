// What changed since this page was read: how it is asked for, and how it is put in its place.
import { reload, showAway } from "./away.js";
import { place } from "./fragments.js";

const page = document.body;

/** The queue, where it is open on the page. */
export const jobs = () => document.querySelector("[data-jobs]");

/** To what the queue is narrowed: its states are counted by it. */
export function asked() {
  const { kind = "", model = "" } = document.querySelector("[data-jobs-list]")?.dataset ?? {};
  return { kind, model };
}

/** What this page has and which page it is. */
export function had() {
  return {
    have: Math.min(...[page, jobs()].filter(Boolean).map((one) => Number(one.dataset.cursor))),
    jobs: Boolean(jobs()),
    ...asked(),
    page: page.dataset.page,
    id: page.dataset.resultId,
    lang: document.documentElement.lang,
  };
}

/** Asks once for what a socket would have sent. Answers whether there was something. */
export async function look(signal) {
  try {
    const answer = await fetch(`/changes/?${new URLSearchParams(had())}`, { redirect: "manual", signal });
    if (answer.type === "opaqueredirect") return reload();
    showAway(!answer.ok);
    return answer.status === 200 && take(await answer.json());
  } catch {
    if (!signal.aborted) showAway(true);
    return false;
  }
}

/** Puts a batch in its place. False for one that says to begin anew. */
export function take(frame) {
  if (frame.reset) {
    reload();
    return false;
  }
  for (const fragment of frame.fragments) place(fragment.html, fragment.list);
  page.dataset.cursor = frame.cursor;
  if (frame.jobs && jobs()) jobs().dataset.cursor = frame.cursor;
  if (frame.say) document.getElementById("say").textContent = frame.say;
  return true;
}
