"""A job's life: starting, processing, its end; what a directive changes in it; and picking it up after a restart."""

import asyncio
from functools import partial

from providers.sandbox.desk import Desk
from providers.sandbox.inputs import Unreadable
from providers.sandbox.jobs import Job, State
from providers.sandbox.replicate import problems
from providers.sandbox.replicate.notices import RETRIES_SECONDS, THROTTLE_SECONDS, Notices
from providers.sandbox.replicate.orders import index_of, names_of, order_of
from providers.sandbox.replicate.shapes import is_purged
from providers.sandbox.work import Unusable, make

DRAWN_AHEAD_SECONDS = 2
BOOT_SHARE = 0.15  # of a model's time is spent starting


class _Overdue(Exception):
    """The deadline of Cancel-After has come."""


class Run:
    """Carries one job from where it stands to its end."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self._job = job
        self.notices = Notices(desk, job)
        self._names: tuple[str, ...] = ()

    def begin(self) -> None:
        """Starts, or goes on after a restart."""
        job, desk = self._job, self._desk
        desk.runs[job.id] = self
        if not self.notices.is_silent:
            desk.begin(job, "notices", self.notices.hand_over())
        desk.begin(job, "run", self._carry_out())

    def stop(self) -> None:
        """Ends the job at somebody's wish."""
        task = self._desk.under_way(self._job, "run")
        if task is not None:
            task.cancel()
            self._end(State.CANCELED)

    async def _carry_out(self) -> None:
        job = self._job
        try:
            if job.state is State.WAITING:
                await self._until(job.created_ns / 1e9 + job.details["boot_seconds"])
                if job.is_told("aborted"):
                    return self._end(State.ABORTED)
                self._desk.store.start(job, self._desk.clock.now_ns())
                self.notices.tell("start")
            await self._process()
        except _Overdue:
            self._end(State.ABORTED if job.state is State.WAITING else State.CANCELED)

    async def _process(self) -> None:
        job, desk = self._job, self._desk
        fails = job.is_told("fail") or job.is_told("refuse")
        finish = job.started_ns / 1e9 + job.details["seconds"]
        painting = None if fails else desk.begin(job, "painting", self._paint(finish - DRAWN_AHEAD_SECONDS))
        while desk.clock.now() < finish:
            moment = desk.clock.now() + THROTTLE_SECONDS if "logs" in job.events else finish
            await self._until(min(finish, moment))
            self.notices.tell("logs")
        if painting is None:
            return self._end(State.FAILED, error=self._error())
        try:
            await painting
        except (Unreadable, Unusable) as error:
            return self._end(State.FAILED, error=problems.bad_file(str(error)))
        self.notices.tell("output", self._names)
        return self._end(State.SUCCEEDED, self._names)

    async def _paint(self, moment: float) -> None:
        # Not at once: a hundred slow jobs would hold up the picture that is wanted now.
        job, desk = self._job, self._desk
        await desk.clock.sleep_until(moment)
        order = await order_of(desk, job)
        self._names = names_of(job, order)
        makings = ((name, partial(make, order, index_of(name))) for name in self._names)
        await asyncio.gather(*(desk.painter.paint(desk.folder_of(job) / name, making) for name, making in makings))

    def _error(self) -> str:
        told = self._job.directives
        if "refuse" in told:
            return {"": problems.NSFW, "flagged": problems.FLAGGED}.get(told["refuse"], told["refuse"])
        return told["fail"] or problems.UNKNOWN

    async def _until(self, moment: float) -> None:
        deadline_ns = self._job.details["deadline_ns"]
        deadline = deadline_ns / 1e9 if deadline_ns else moment
        await self._desk.clock.sleep_until(min(moment, deadline))
        if deadline < moment:
            raise _Overdue

    def _end(self, state: State, names: tuple[str, ...] = (), *, error: str | None = None) -> None:
        job, desk = self._job, self._desk
        desk.store.settle(job, state, desk.clock.now_ns(), outputs=names, error=error)
        desk.runs.pop(job.id, None)
        if not names:
            self._drop_painting()
        self.notices.tell("completed")
        keep_for_an_hour(desk, job)

    def _drop_painting(self) -> None:
        if painting := self._desk.under_way(self._job, "painting"):
            painting.cancel()
        self._desk.painter.forget(self._desk.folder_of(self._job))


def keep_for_an_hour(desk: Desk, job: Job) -> None:
    """Notes an ended job, and removes the files of those that ended more than an hour ago.

    No task waits for the hour to pass: a load test would leave ten thousands of them.
    """
    desk.kept.append(job)
    while is_purged(desk.kept[0], desk.clock.now()) and desk.kept[0] is not job:
        desk.painter.forget(desk.folder_of(desk.kept.popleft()))


def resume(desk: Desk, job: Job) -> None:
    """Goes on with a job found in the journal: its work, its last webhook while it is still worth trying, its purge."""
    if not job.state.is_final:
        return Run(desk, job).begin()
    if is_purged(job, desk.clock.now()):
        return desk.painter.forget(desk.folder_of(job))
    desk.kept.append(job)
    is_told = any(delivery.event == "completed" and delivery.is_accepted for delivery in job.deliveries)
    is_late = desk.clock.now() > job.ended_at + job.told_seconds("late") + RETRIES_SECONDS[-1]
    notices = Notices(desk, job)
    if not (is_told or is_late or notices.is_silent):
        notices.tell("completed")
        desk.begin(job, "notices", notices.hand_over())
    return None
