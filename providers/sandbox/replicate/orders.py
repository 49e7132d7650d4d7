"""What a job asks to be drawn: sizes by ratio, one order per output, the seed that runs on from output to output."""

from typing import Any

from providers.sandbox.directives import split
from providers.sandbox.jobs import Job
from providers.sandbox.replicate.models import BY_NAME, RATIOS
from providers.sandbox.work import Order


def size_of(given: dict[str, Any]) -> tuple[int, int]:
    """Width and height in pixels, as the real models give them for the ratio and the megapixels."""
    ratio = given.get("aspect_ratio", "1:1")
    if ratio == "custom":
        # The model rounds to multiples of 32; 1024 stands where a side is not given.
        width, height = (max(256, given.get(side, 1024) // 32 * 32) for side in ("width", "height"))
        return width, height
    width, height = RATIOS[ratio]
    return (width // 2, height // 2) if given.get("megapixels") == "0.25" else (width, height)


def orders_of(job: Job) -> dict[str, Order]:
    """The files of a job by name (out-0.webp, …)."""
    given = job.input
    width, height = size_of(given)
    if job.is_told("lie"):
        width, height = width * 3 // 4, height // 2
    words, _ = split(job.prompt)
    extension = given.get("output_format", "webp")
    return {
        f"out-{index}.{extension}": Order(
            task="text-to-image",
            kind="image",
            prompt=words,
            seed=job.details["seed"] + index,
            width=width,
            height=height,
            format=extension,
            quality=given.get("output_quality", 80),
        )
        for index in range(given.get("num_outputs", 1))
    }


def names_of(job: Job) -> tuple[str, ...]:
    """The names of the files the job will leave: none when it was told to succeed with nothing."""
    return () if job.is_told("empty") or job.is_told("null") else tuple(orders_of(job))


def is_single(job: Job) -> bool:
    """Whether the output is one URI and not a list."""
    return BY_NAME[job.details["model"]].is_single
