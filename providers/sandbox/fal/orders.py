"""What a job asks to be made: its files read, its order told by its schema, the names of what it will leave."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from providers.sandbox import inputs, schemas
from providers.sandbox.desk import Desk
from providers.sandbox.fal import PROVIDER
from providers.sandbox.jobs import Job
from providers.sandbox.schemas import Schema
from providers.sandbox.work import Order


def schema_of(job: Job) -> Schema:
    """A job is accepted only where there is one."""
    schema = schemas.of(PROVIDER, job.endpoint)
    if schema is None:
        raise LookupError(job.endpoint)
    return schema


def uploads_of(desk: Desk) -> Path:
    """Where files that were handed over are kept; a reset removes them with the rest."""
    return desk.environment.folder / "files" / "fal-uploads"


async def order_of(desk: Desk, job: Job) -> Order:
    """Raises inputs.Unreadable when a file cannot be had, work.Unusable when it is none to work with."""
    schema = schema_of(job)

    def own(reference: str) -> bytes | None:
        prefix = f"{desk.environment.origin}/fal/files/b/"
        if not reference.startswith(prefix):
            return None
        place, _, name = unquote(urlsplit(reference).path).removeprefix("/fal/files/b/").partition("/")
        path = uploads_of(desk) / Path(place).name / Path(name).name
        return path.read_bytes() if path.is_file() else None

    files = await inputs.gather(schema.references(job.input), own)
    order = schema.order(job.input, files, seed=job.details["seed"])
    if job.is_told("lie") and order.width:
        return replace(order, width=order.width * 3 // 4, height=order.height // 2)
    return order


def names_of(job: Job, order: Order) -> tuple[str, ...]:
    """The names of the files the job will leave: none when it was told to succeed with nothing."""
    if job.is_told("empty") or job.is_told("null"):
        return ()
    return tuple(f"output-{index}.{order.extension}" for index in range(schema_of(job).count(job.input)))
