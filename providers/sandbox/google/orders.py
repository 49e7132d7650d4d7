"""Takes jobs in, and says what each asks to be made."""

import secrets
from collections.abc import Mapping
from typing import Any

from providers.sandbox.desk import Desk
from providers.sandbox.directives import NAMES, split
from providers.sandbox.google import inputs
from providers.sandbox.google.models import Model
from providers.sandbox.google.problems import Refused, refusal
from providers.sandbox.jobs import Job
from providers.sandbox.schemas.framing import Asked, size, size_of
from providers.sandbox.work import Order

PROVIDER = "google"
REFUSALS = ("401", "402", "422", "429", "500")
ON_CREATE = frozenset(NAMES) - {"get", "cancel"}
BOOT_SHARE = 0.15  # of a model's time an interaction is queued


def told_of(desk: Desk, prompt: str) -> dict[str, str]:
    """How a call with this prompt is to misbehave. Raises Refused where that is at the door."""
    told = desk.faults.take(prompt, ON_CREATE) | split(prompt)[1]
    for name in REFUSALS:
        if name in told:
            raise Refused(refusal(name, told[name]))
    return told


async def accept(
    desk: Desk, model: Model, given: inputs.Given, asked: Mapping[str, Any], *, prefix: str = "", webhook: str = ""
) -> Job:
    """A job, in the journal when this returns. asked: aspect, resolution, seconds, count, seed, delivery, format."""
    told = told_of(desk, given.prompt)
    usual = model.seconds * desk.environment.speed
    job = Job(
        provider=PROVIDER,
        id=f"{prefix}{secrets.token_urlsafe(18 if not prefix else 30)}",
        number=len(desk.store) + 1,
        endpoint=model.name,
        input={"prompt": given.prompt} | {name: value for name, value in asked.items() if value is not None},
        created_ns=desk.clock.now_ns(),
        webhook=webhook,
        events=("completed", "failed", "cancelled"),
        directives=told,
        details={
            "task": given.task,
            "method": model.method,
            "format": asked.get("format") or model.format,
            "boot_seconds": float(told["queue"]) if "queue" in told else usual * BOOT_SHARE,
            "seconds": float(told["slow"]) if "slow" in told else usual * (1 - BOOT_SHARE),
            "length": float(asked.get("seconds") or 5),
            "seed": asked.get("seed") if asked.get("seed") is not None else secrets.randbelow(2**31),
        },
    )
    await inputs.lay_beside(desk, job, given)
    desk.store.accept(job)
    return job


def order_of(desk: Desk, job: Job) -> Order:
    """What to make; its files are read from beside the job."""
    folder, details = desk.folder_of(job), job.details
    is_video = details["task"].endswith("video") or details["task"] in ("first-last-frame", "video-edit")
    given = {slot: tuple((folder / name).read_bytes() for name in names) for slot, names in details["files"].items()}
    frame = Asked(aspect=job.input.get("aspect"), resolution=job.input.get("resolution"))
    usual = (1280, 720) if is_video else size_of(given) if given else (1024, 1024)
    width, height = size(frame, {}, usual, is_video=is_video)
    if job.is_told("lie"):
        width, height = (width or 1024) * 3 // 4, (height or 1024) // 2
    return Order(
        task=details["task"],
        kind="video" if is_video else "image",
        prompt=split(job.prompt)[0],
        seed=details["seed"],
        width=width,
        height=height,
        format=details["format"],
        seconds=details["length"],
        files=given,
    )


def names_of(job: Job) -> tuple[str, ...]:
    """The files the job will leave: none when it was told to succeed with nothing."""
    if job.is_told("empty") or job.is_told("null"):
        return ()
    return tuple(f"out-{index}" for index in range(job.input.get("count", 1)))
