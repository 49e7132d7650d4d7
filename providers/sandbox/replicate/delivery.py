"""Hands out the files of a prediction, without a token as replicate.delivery does."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.inputs import Unreadable
from providers.sandbox.jobs import Job
from providers.sandbox.replicate.models import PROVIDER
from providers.sandbox.replicate.orders import index_of, order_of
from providers.sandbox.replicate.problems import not_found
from providers.sandbox.replicate.shapes import is_purged
from providers.sandbox.serving import served
from providers.sandbox.work import Unusable, make
from providers.sandbox.work.order import TYPES


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
    try:
        content = await _content(desk, job, name)
    except (Unreadable, Unusable):
        return not_found()
    return served(job, content, kind)
