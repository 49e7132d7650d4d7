"""What this face says about a job: its status, its logs, its result. Pure functions of the job and the moment."""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from providers.sandbox.fal.orders import schema_of
from providers.sandbox.fal.problems import end
from providers.sandbox.jobs import Job, State
from providers.sandbox.schemas import framing, reading

Shown = dict[str, Any]
NAMESPACES = ("workflows", "comfy")
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "mp4": "video/mp4"}
# Which models tell more of a file than where it is (recorded).
TELL_SIZES = ("/flux", "/qwen", "/wan", "/ltx", "/grok")
STEPS = 4


def app_of(endpoint: str) -> str:
    """The endpoint without its path."""
    parts = endpoint.split("/")
    return "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])


def addresses(job: Job, origin: str) -> dict[str, str]:
    own = f"{origin}/fal/queue/{app_of(job.endpoint)}/requests/{job.id}"
    return {"response_url": own, "status_url": f"{own}/status", "cancel_url": f"{own}/cancel"}


def status(job: Job, *, position: int, origin: str, at_ns: int, has_logs: bool) -> Shown:
    """The status object. There is none for failed or cancelled."""
    shown: Shown = {"request_id": job.id, **addresses(job, origin)}
    if job.state is State.WAITING:
        return {"status": "IN_QUEUE", "queue_position": position, **shown}
    shown["logs"] = logs(job, at_ns) if has_logs else None
    if not job.state.is_final:
        return {"status": "IN_PROGRESS", **shown}
    shown["metrics"] = {"inference_time": seconds_of(job)} if job.state is State.SUCCEEDED else {}
    if (body := ending(job)[1]) and "error_type" in body:
        shown |= {"error": body["detail"], "error_type": body["error_type"]}
    return {"status": "COMPLETED", **shown}


def logs(job: Job, at_ns: int) -> list[Shown]:
    """What the model printed until then."""
    if not job.started_ns:
        return []
    until_ns = min(at_ns, job.completed_ns or at_ns)
    length_ns = max(1, int(job.details["seconds"] * 1e9))
    reached = STEPS if job.completed_ns else min(STEPS, (until_ns - job.started_ns) * STEPS // length_ns)
    return [
        {
            "timestamp": _stamp(job.started_ns + length_ns * step // STEPS),
            "message": f"step {step} of {STEPS}",
            "level": "INFO",
            "source": "USER",
            "labels": {},
        }
        for step in range(reached + 1)
    ]


def seconds_of(job: Job) -> float:
    return (job.completed_ns - job.started_ns) / 1e9 if job.started_ns else 0.0


def ending(job: Job) -> tuple[int, Shown | None]:
    """HTTP status and body with which an ended job's error is told; 200 and None for a success."""
    if job.state is State.SUCCEEDED:
        return HTTPStatus.OK, None
    if job.state is State.FAILED and job.error:
        code, body = json.loads(job.error)
        return code, body
    return end("client_cancelled") if job.state is State.CANCELED else end("request_timeout")


def output(job: Job, origin: str) -> Shown:
    """The model's output, in the shape its schema names."""
    schema = schema_of(job)
    files = [_file(job, name, origin) for name in job.outputs]
    seed: Shown = {"seed": job.input.get("seed", job.details["seed"])} if schema.roles.get("seed") else {}
    shape = str(schema.output["shape"])
    if shape in ("image", "video"):
        return {shape: files[0] if files else None, **seed}
    shown: Shown = {"images": None if job.is_told("null") else files, **seed}
    if "/flux" in job.endpoint or "/qwen" in job.endpoint:
        flags = [job.directives.get("refuse") == "black"] * len(files)
        timings = {"inference": seconds_of(job)}
        return shown | {"timings": timings, "has_nsfw_concepts": flags, "prompt": job.prompt}
    return shown | {"description": ""}


def units(job: Job) -> str:
    """What is counted: seconds of film, megapixels of pictures; a float written out."""
    schema = schema_of(job)
    if schema.is_video:
        value = schema.value(job.input, "duration")
        return str(reading.seconds(value, schema.value(job.input, "frames"), None))
    width, height = _size(job) or framing.USUAL[False]
    return str(width * height / 1_000_000 * max(1, len(job.outputs)))


def _file(job: Job, name: str, origin: str) -> Shown:
    address = f"{origin}/fal/files/o/{job.id}/{name}"
    kind = TYPES[name.rpartition(".")[2]]
    size = _size(job) if any(part in job.endpoint for part in TELL_SIZES) else None
    if kind == "video/mp4":
        return {"url": address, "content_type": kind, "file_name": name, "file_size": None}
    if size:
        return {"url": address, "width": size[0], "height": size[1], "content_type": kind}
    nothing = {"file_size": None, "width": None, "height": None}
    return {"url": address, "content_type": kind, "file_name": name, **nothing}


def _size(job: Job) -> tuple[int, int] | None:
    size = job.input.get("image_size") or "landscape_4_3"
    if isinstance(size, dict):
        return size["width"], size["height"]
    return framing.NAMED.get(size)


def _stamp(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns / 1e9, UTC).replace(tzinfo=None).isoformat()
