"""What a job asks to be made, and what its files are called."""

from dataclasses import replace
from typing import Any

from providers.sandbox import inputs, schemas
from providers.sandbox.desk import Desk
from providers.sandbox.higgsfield.access import PROVIDER
from providers.sandbox.higgsfield.uploads import reader
from providers.sandbox.jobs import Job
from providers.sandbox.work import Order

LEAST_SIDE = 64


async def order_of(desk: Desk, job: Job) -> Order:
    """The job's work, with its files read. Raises inputs.Unreadable and work.Unusable."""
    schema = schemas.every(PROVIDER)[job.endpoint]
    named = {slot: [_address(one) for one in found] for slot, found in schema.references(job.input).items()}
    files = await inputs.gather(named, reader(desk))
    order = schema.order(job.input, files, seed=job.details["seed"])
    if job.is_told("lie") and order.width and order.height:
        order = replace(order, width=max(LEAST_SIDE, order.width * 3 // 4), height=max(LEAST_SIDE, order.height // 2))
    return order


def names_of(job: Job, order: Order) -> tuple[str, ...]:
    """The names of the files the job will leave: none when it was told to succeed with nothing."""
    count = 0 if job.is_told("empty") or job.is_told("null") else job.details["count"]
    return tuple(f"out-{index}.{order.extension}" for index in range(count))


def _address(reference: Any) -> str:
    """The old API wraps addresses: {"type": "image_url", "image_url": …}."""
    if isinstance(reference, dict):
        reference = next((reference[name] for name in ("image_url", "audio_url", "url") if name in reference), "")
    return str(reference)
