"""The life of what runs in the background: queued, in progress, its end; and picking it up after a restart."""

import asyncio

from providers.sandbox.desk import Desk
from providers.sandbox.google import making, notices
from providers.sandbox.google.kept import keep
from providers.sandbox.google.problems import Refused
from providers.sandbox.jobs import Job, State

REFUSED = ("https://ai.google.dev/errors/safety", "The request was blocked because it violates the usage policies.")
FAILED = ("https://ai.google.dev/errors/internal", "An internal error has occurred.")
UNUSABLE = ("https://ai.google.dev/errors/invalid_argument", "invalid_argument: unable to process the input.")


class Run:
    """Carries one job from where it stands to its end."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self._job = job

    def begin(self) -> asyncio.Task[None]:
        """Starts, or goes on after a restart."""
        self._desk.runs[self._job.id] = self
        return self._desk.begin(self._job, "run", self._carry_out())

    def stop(self) -> None:
        """Ends the job at somebody's wish."""
        task = self._desk.under_way(self._job, "run")
        if task is not None:
            task.cancel()
            self._end(State.CANCELED)

    async def _carry_out(self) -> None:
        job, desk = self._job, self._desk
        if job.state is State.WAITING:
            await desk.clock.sleep_until(job.created_ns / 1e9 + job.details["boot_seconds"])
            if job.is_told("aborted"):
                return self._end(State.CANCELED)
            desk.store.start(job, desk.clock.now_ns())
        finish = job.started_ns / 1e9 + job.details["seconds"]
        if error := self._error():
            await desk.clock.sleep_until(finish)
            return self._end(State.FAILED, error=error)
        try:
            names = await making.paint(desk, job)
        except Refused:
            return self._end(State.FAILED, error=UNUSABLE)
        await desk.clock.sleep_until(finish)
        if job.input.get("delivery") != "inline":
            stored = [keep(desk, content, "video/mp4")["name"] for content in making.contents(desk, job, names)]
            desk.painter.forget(desk.folder_of(job))
            return self._end(State.SUCCEEDED, tuple(stored))
        return self._end(State.SUCCEEDED, names)

    def _error(self) -> tuple[str, str] | None:
        told = self._job.directives
        if "refuse" in told:
            return REFUSED[0], told["refuse"] or REFUSED[1]
        if "fail" in told:
            return FAILED[0], told["fail"] or FAILED[1]
        return ("", "incomplete") if "incomplete" in told else None

    def _end(self, state: State, names: tuple[str, ...] = (), *, error: tuple[str, str] | None = None) -> None:
        job, desk = self._job, self._desk
        if error:
            job.details["error_code"] = error[0]
        desk.store.settle(job, state, desk.clock.now_ns(), outputs=names, error=error[1] if error else None)
        desk.runs.pop(job.id, None)
        desk.begin(job, "notices", notices.tell(desk, job))


def resume(desk: Desk, job: Job) -> None:
    """Goes on with a job found in the journal. A call that was answered at once died with its connection."""
    if job.details["method"] not in ("interactions", "predictLongRunning"):
        if not job.state.is_final:
            desk.store.settle(job, State.ABORTED, desk.clock.now_ns(), error="the sandbox was stopped")
        return
    if not job.state.is_final:
        Run(desk, job).begin()
        return
    is_told = any(delivery.is_accepted for delivery in job.deliveries)
    is_late = desk.clock.now() > job.ended_at + job.told_seconds("late") + notices.RETRIES_SECONDS[-1]
    if job.webhook and not (is_told or is_late):
        desk.begin(job, "notices", notices.tell(desk, job))
