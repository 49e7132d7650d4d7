"""Has a job's files made, and puts them where an answer finds them."""

import asyncio
from functools import partial

from providers.sandbox.desk import Desk
from providers.sandbox.google.orders import names_of, order_of
from providers.sandbox.google.problems import Refused, invalid
from providers.sandbox.jobs import Job, State
from providers.sandbox.work import Unusable, make


async def paint(desk: Desk, job: Job) -> tuple[str, ...]:
    """The names of the job's files, which lie in its folder now. Raises Refused for inputs nobody can work on."""
    names = names_of(job)
    try:
        order = await asyncio.to_thread(order_of, desk, job)
        await asyncio.gather(
            *(
                desk.painter.paint(desk.folder_of(job) / name, partial(make, order, index))
                for index, name in enumerate(names)
            )
        )
    except Unusable as error:
        raise invalid(f"Unable to process input image. {error}") from None
    return names


async def paint_at_once(desk: Desk, job: Job) -> tuple[str, ...]:
    """The same for a call that waits: what cannot be worked on ends its job. Raises Refused."""
    try:
        return await paint(desk, job)
    except Refused:
        desk.store.settle(job, State.FAILED, desk.clock.now_ns(), error="an input cannot be worked on")
        raise


def contents(desk: Desk, job: Job, names: tuple[str, ...]) -> list[bytes]:
    """The files' bytes; half of each where the job was told to."""
    found = [(desk.folder_of(job) / name).read_bytes() for name in names]
    if job.is_told("html-file"):
        return [b"<!doctype html>\n<title>not a picture</title>\n" for _ in found]
    return [content[: len(content) // 2] for content in found] if job.is_told("truncated") else found
