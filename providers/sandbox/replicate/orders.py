"""What a job asks to be made: its files read, its order, one name per output, the seed that runs on between them."""

import dataclasses
from urllib.parse import urlsplit

from providers.sandbox import inputs
from providers.sandbox.desk import Desk
from providers.sandbox.jobs import Job
from providers.sandbox.replicate.models import PROVIDER, named
from providers.sandbox.work import Order, Unusable

FILES = "/replicate/v1/files/"
LIE = (640, 360)


async def order_of(desk: Desk, job: Job) -> Order:
    """The job's order. Raises inputs.Unreadable or work.Unusable, in which case the prediction fails."""
    model = named(job.details["model"])
    if model is None:
        raise Unusable("the model is no longer served")

    def own(reference: str) -> bytes | None:
        return _uploaded(desk, job, reference)

    files = await inputs.gather(model.references(job.input), own)
    order = model.order(job.input, files, seed=job.details["seed"])
    if job.is_told("lie"):
        width, height = (order.width * 3 // 4, order.height // 2) if order.width else LIE
        return dataclasses.replace(order, width=width, height=height)
    return order


def _uploaded(desk: Desk, job: Job, reference: str) -> bytes | None:
    """A file this account uploaded; None for what is no address of such a file."""
    address = urlsplit(reference)
    if not reference.startswith(desk.environment.origin) or not address.path.startswith(FILES):
        return None
    upload = desk.uploads.find(PROVIDER, address.path.removeprefix(FILES))
    if upload is None or upload.owner != job.details.get("owner"):
        raise inputs.Unreadable(f"404 Client Error: Not Found for url: {reference}")
    return desk.uploads.content(upload)


def names_of(job: Job, order: Order) -> tuple[str, ...]:
    """The names of the files the job will leave: none when it was told to succeed with nothing."""
    if job.is_told("empty") or job.is_told("null"):
        return ()
    return tuple(f"out-{index}.{order.extension}" for index in range(job.details.get("count", 1)))


def index_of(name: str) -> int:
    """Which of the outputs has this name."""
    return int(name.partition(".")[0].removeprefix("out-"))
