"""Hands out the files of a prediction, without a token as replicate.delivery does, well or (when told to) badly."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.inputs import Unreadable
from providers.sandbox.jobs import Job
from providers.sandbox.replicate.models import PROVIDER
from providers.sandbox.replicate.orders import index_of, order_of
from providers.sandbox.replicate.problems import not_found
from providers.sandbox.replicate.shapes import is_purged
from providers.sandbox.work import Unusable, make
from providers.sandbox.work.order import TYPES

HUGE_BYTES = 20_000_000_000
DRIPS = 40
PAGE = b"<!doctype html>\n<title>Access denied</title>\n<script>document.title = 'not a picture'</script>\n"


async def _drip(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    step = max(1, -(-len(content) // DRIPS))
    for start in range(0, len(content), step):
        yield content[start : start + step]
        await asyncio.sleep(seconds / DRIPS)


def _streamed(content: bytes, kind: str, length: int, seconds: float = 0) -> Response:
    """The content under any Content-Length; the server cuts the connection when they differ."""
    return StreamingResponse(_drip(content, seconds), media_type=kind, headers={"Content-Length": str(length)})


async def _content(desk: Desk, job: Job, name: str) -> bytes:
    path = desk.folder_of(job) / name
    if not path.exists():
        # Made before the end, but a restart may find the file gone: the same order gives the same again.
        await desk.painter.paint(path, partial(make, await order_of(desk, job), index_of(name)))
    return path.read_bytes()


async def deliver(request: Request) -> Response:
    """GET /replicate/delivery/{id}/{name}."""
    desk = desk_of(request)
    job = desk.store.find(PROVIDER, request.path_params["id"])
    name = request.path_params["name"]
    if job is None or name not in job.outputs or is_purged(job, desk.clock.now()) or job.is_told("gone"):
        return not_found()
    kind = TYPES[name.rpartition(".")[2]]
    if job.is_told("html-file"):
        return Response(PAGE, media_type=kind)
    try:
        content = await _content(desk, job, name)
    except (Unreadable, Unusable):
        return not_found()
    return _spoiled(job, content, kind) or Response(content, media_type=kind)


def _spoiled(job: Job, content: bytes, kind: str) -> Response | None:
    """The file as the job was told to spoil it."""
    if job.is_told("truncated"):
        return _streamed(content[: len(content) // 2], kind, len(content))
    if job.is_told("huge"):
        return _streamed(content, kind, HUGE_BYTES)
    if job.is_told("slow-file"):
        return _streamed(content, kind, len(content), job.told_seconds("slow-file"))
    return None
