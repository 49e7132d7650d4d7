"""Hands out what a job made, without a key as Higgsfield's own store does, for as long as the sandbox keeps it."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.desk import desk_of
from providers.sandbox.higgsfield.access import PROVIDER
from providers.sandbox.higgsfield.orders import order_of
from providers.sandbox.higgsfield.problems import not_found
from providers.sandbox.inputs import Unreadable
from providers.sandbox.serving import served
from providers.sandbox.work import Unusable, make
from providers.sandbox.work.order import TYPES


async def deliver(request: Request) -> Response:
    """GET /higgsfield/outputs/{id}/{name}."""
    desk, name = desk_of(request), request.path_params["name"]
    job = desk.store.find(PROVIDER, request.path_params["id"])
    if job is None or name not in job.outputs or job.is_told("gone"):
        return not_found()
    path = desk.folder_of(job) / name
    if not path.exists():  # after a restart: the same order makes the same file
        try:
            await desk.painter.paint(path, partial(make, await order_of(desk, job), job.outputs.index(name)))
        except (Unreadable, Unusable):
            return not_found()
    return served(job, path.read_bytes(), TYPES[path.suffix[1:]])
