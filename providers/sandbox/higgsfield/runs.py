"""A job's life: queued, in progress, its end; what a directive changes in it; and picking it up after a restart."""

import asyncio
from functools import partial

from providers.sandbox import inputs, work
from providers.sandbox.desk import Desk
from providers.sandbox.higgsfield.notices import RETRIES_SECONDS, Notice, is_worth_another
from providers.sandbox.higgsfield.orders import names_of, order_of
from providers.sandbox.higgsfield.shapes import NSFW
from providers.sandbox.jobs import Job, State

BOOT_SHARE = 0.15  # of a model's time is spent in the queue
DRAWN_AHEAD_SECONDS = 2
UNKNOWN = "Generation failed"


class Run:
    """Carries one job from where it stands to its end."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self._job = job
        self.notice = Notice(desk, job)

    def begin(self) -> None:
        """Starts, or goes on after a restart."""
        self._desk.runs[self._job.id] = self
        self._desk.begin(self._job, "run", self._carry_out())

    def stop(self) -> None:
        """Ends the job at somebody's wish."""
        if task := self._desk.under_way(self._job, "run"):
            task.cancel()
            self._end(State.CANCELED)

    async def _carry_out(self) -> None:
        job, clock = self._job, self._desk.clock
        if job.state is State.WAITING:
            await clock.sleep_until(job.created_ns / 1e9 + job.details["boot_seconds"])
            if job.is_told("aborted"):
                return self._end(State.CANCELED)
            self._desk.store.start(job, clock.now_ns())
        finish = job.started_ns / 1e9 + job.details["seconds"]
        if job.is_told("refuse") or job.is_told("fail"):
            await clock.sleep_until(finish)
            return self._end(State.FAILED, error=NSFW if job.is_told("refuse") else job.directives["fail"] or UNKNOWN)
        # Not at once: a hundred slow jobs would hold up the picture that is wanted now.
        await clock.sleep_until(finish - DRAWN_AHEAD_SECONDS)
        try:
            names = await self._make()
        except (inputs.Unreadable, work.Unusable) as error:
            return self._end(State.FAILED, error=str(error))
        await clock.sleep_until(finish)
        return self._end(State.SUCCEEDED, names)

    async def _make(self) -> tuple[str, ...]:
        job, desk = self._job, self._desk
        order = await order_of(desk, job)
        names = names_of(job, order)
        making = {name: partial(work.make, order, index) for index, name in enumerate(names)}
        await asyncio.gather(*(desk.painter.paint(desk.folder_of(job) / name, make) for name, make in making.items()))
        return names

    def _end(self, state: State, names: tuple[str, ...] = (), *, error: str | None = None) -> None:
        self._desk.store.settle(self._job, state, self._desk.clock.now_ns(), outputs=names, error=error)
        self._desk.runs.pop(self._job.id, None)
        self.notice.tell()


def resume(desk: Desk, job: Job) -> None:
    """Goes on with a job found in the journal: its work, or its webhook while it is still worth trying."""
    if not job.state.is_final:
        return Run(desk, job).begin()
    is_told = not all(is_worth_another(delivery) for delivery in job.deliveries)
    if not is_told and desk.clock.now() < job.ended_at + job.told_seconds("late") + RETRIES_SECONDS[-1]:
        Notice(desk, job).tell()
    return None
