"""A job's life: in line, two at a time for an account, made, ended; and picking it up after a restart."""

import asyncio
import json
from functools import partial
from typing import Any

from PIL import Image

from providers.sandbox import inputs
from providers.sandbox.desk import Desk
from providers.sandbox.fal import complaints, notices, problems
from providers.sandbox.fal.orders import names_of, order_of, schema_of
from providers.sandbox.jobs import Job, State
from providers.sandbox.pictures.encode import encode
from providers.sandbox.work import Order, Unusable, make

AT_ONCE = 2  # for an account that has spent nothing yet
DRAWN_AHEAD_SECONDS = 2
KEPT_SECONDS = 3_600  # real files live as long as their lifecycle says; a demo's disk is small


class Failed(Exception):
    """The job ends with this status and body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status, self.body = status, body


class Run:
    """Carries one job from where it stands to its end."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self.job = job
        self._turn = asyncio.Event()
        self.ended = asyncio.Event()
        self.told = asyncio.Event()

    @property
    def has_turn(self) -> bool:
        return self._turn.is_set()

    def begin(self) -> None:
        """Gets in line, or goes on after a restart."""
        self._desk.runs[self.job.id] = self
        if self.job.state is State.RUNNING:
            self._turn.set()
        self._desk.begin(self.job, "run", self._carry_out())
        _admit(self._desk, self.job.details["account"])

    def admit(self) -> None:
        self._turn.set()

    def stop(self) -> None:
        """Ends the job at somebody's wish."""
        task = self._desk.under_way(self.job, "run")
        if task is not None:
            task.cancel()
            self._end(State.CANCELED)

    async def _carry_out(self) -> None:
        job, desk = self.job, self._desk
        try:
            if job.state is State.WAITING:
                await self._wait_in_line()
                desk.store.start(job, desk.clock.now_ns())
            names = await self._process()
        except Failed as failed:
            self._end(State.FAILED, error=json.dumps([failed.status, failed.body]))
        else:
            self._end(State.SUCCEEDED, names)

    async def _wait_in_line(self) -> None:
        deadline_ns = self.job.details["deadline_ns"]
        if self.job.is_told("aborted"):
            raise Failed(*problems.end("request_timeout"))
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._turn.wait())]
        if deadline_ns:
            waits.append(asyncio.ensure_future(self._desk.clock.sleep_until(deadline_ns / 1e9)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not self._turn.is_set():
            raise Failed(*problems.end("request_timeout"))

    async def _process(self) -> tuple[str, ...]:
        job, desk = self.job, self._desk
        if found := schema_of(job).problems(job.input):
            raise Failed(422, {"detail": [complaints.complaint(one) for one in found]})
        finish = job.started_ns / 1e9 + job.details["seconds"]
        if self._fails():
            await desk.clock.sleep_until(finish)
            raise Failed(*self._failure())
        try:
            order = await order_of(desk, job)
            await desk.clock.sleep_until(finish - DRAWN_AHEAD_SECONDS)
            names = names_of(job, order)
            await asyncio.gather(*(paint(desk, job, name, order) for name in names))
        except inputs.Unreadable as error:
            raise Failed(*problems.end("file_download_error", str(error))) from error
        except Unusable as error:
            raise Failed(*problems.end("image_load_error", str(error))) from error
        await desk.clock.sleep_until(finish)
        return names

    def _fails(self) -> bool:
        told = self.job.directives
        return "fail" in told or ("refuse" in told and told["refuse"] != "black")

    def _failure(self) -> tuple[int, dict[str, Any]]:
        if self.job.is_told("refuse"):
            return problems.end("content_policy_violation")
        return problems.end(self.job.directives["fail"] or "internal_server_error")

    def _end(self, state: State, names: tuple[str, ...] = (), *, error: str | None = None) -> None:
        job, desk = self.job, self._desk
        desk.store.settle(job, state, desk.clock.now_ns(), outputs=names, error=error)
        desk.runs.pop(job.id, None)
        self.ended.set()
        desk.begin(job, "notices", self._tell())
        keep(desk, job)
        _admit(desk, job.details["account"])

    async def _tell(self) -> None:
        try:
            await notices.hand_over(self._desk, self.job)
        finally:
            self.told.set()


async def paint(desk: Desk, job: Job, name: str, order: Order) -> bytes:
    """One of the job's files, made now unless it is there."""
    number = int(name.partition(".")[0].rpartition("-")[2])
    work = partial(_blackened, order) if job.directives.get("refuse") == "black" else partial(make, order, number)
    return (await desk.painter.paint(desk.folder_of(job) / name, work)).read_bytes()


def _blackened(order: Order) -> bytes:
    """What a model gives instead of what its own filter found."""
    return encode(Image.new("RGB", (order.width or 1024, order.height or 1024)), order.format, order.quality, "", 0)


def position_of(desk: Desk, job: Job) -> int:
    """How many of the account's jobs stand before it."""
    return sum(run.job.number < job.number and not run.has_turn for run in _open(desk, job.details["account"]))


def _open(desk: Desk, account: str) -> list[Run]:
    """The account's jobs that have not ended, in their order."""
    runs = [run for run in desk.runs.values() if isinstance(run, Run) and run.job.details["account"] == account]
    return sorted(runs, key=lambda run: run.job.number)


def _admit(desk: Desk, account: str) -> None:
    runs = _open(desk, account)
    free = AT_ONCE - sum(run.has_turn for run in runs)
    for run in [run for run in runs if not run.has_turn][: max(0, free)]:
        run.admit()


def is_purged(job: Job, now: float) -> bool:
    """Whether the job's files are gone."""
    return job.state.is_final and now > job.ended_at + KEPT_SECONDS


def keep(desk: Desk, job: Job) -> None:
    """Notes an ended job, and removes the files of those that ended more than an hour ago."""
    desk.kept.append(job)
    while desk.kept[0] is not job and is_purged(desk.kept[0], desk.clock.now()):
        desk.painter.forget(desk.folder_of(desk.kept.popleft()))


def resume(desk: Desk, job: Job) -> None:
    """Goes on with a job found in the journal: its work, or its webhook while that is still worth trying."""
    if not job.state.is_final:
        return Run(desk, job).begin()
    if is_purged(job, desk.clock.now()):
        return desk.painter.forget(desk.folder_of(job))
    desk.kept.append(job)
    if not any(delivery.is_accepted for delivery in job.deliveries):
        desk.begin(job, "notices", notices.hand_over(desk, job))
    return None
