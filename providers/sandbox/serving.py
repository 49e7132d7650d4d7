"""Hands out the content of a job's file, well or (when the job was told to) badly. Who may have it, the face knows."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from providers.sandbox.jobs import Job

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


def served(job: Job, content: bytes, kind: str) -> Response:
    """The file as it is, or a page in its place, half of it, far too much of it, or ever so slowly."""
    if job.is_told("html-file"):
        return Response(PAGE, media_type=kind)
    if job.is_told("truncated"):
        return _streamed(content[: len(content) // 2], kind, len(content))
    if job.is_told("huge"):
        return _streamed(content, kind, HUGE_BYTES)
    if job.is_told("slow-file"):
        return _streamed(content, kind, len(content), job.told_seconds("slow-file"))
    return Response(content, media_type=kind)
