"""The two shapes of a prediction: as the edge tells it while it is fresh, as the database tells it once settled.

Key order, missing keys and timestamp widths are those of the recordings; see replicate.md section 3.
"""

from typing import Any

from providers.sandbox.jobs import Job, State
from providers.sandbox.replicate import logs, stamps

WORDS = {State.WAITING: "starting", State.RUNNING: "processing"}
SETTLES_AFTER_SECONDS = 2
KEPT_SECONDS = 3600

Prediction = dict[str, Any]


def is_purged(job: Job, now: float) -> bool:
    """Input, output and logs of predictions made through the API are removed an hour after their end."""
    return job.state.is_final and now > job.ended_at + KEPT_SECONDS


def is_settled(job: Job, now: float) -> bool:
    return job.state.is_final and now > job.ended_at + SETTLES_AFTER_SECONDS


def addresses(job: Job, names: tuple[str, ...], origin: str) -> str | list[str] | None:
    """The output as the model gives it: one address or a list of them."""
    if job.is_told("null"):
        return None
    found = [f"{origin}/replicate/delivery/{job.id}/{name}" for name in names]
    return found[0] if found and job.details.get("is_single") else found


def _metrics(job: Job) -> dict[str, Any]:
    metrics: dict[str, Any] = {"predict_time": round((job.completed_ns - job.started_ns) / 1e9, 9)}
    is_picture = bool(job.outputs) and not job.outputs[0].endswith(".mp4")
    return {"image_count": len(job.outputs)} | metrics if is_picture else metrics


def _urls(job: Job, origin: str) -> dict[str, str]:
    own = f"{origin}/replicate/v1/predictions/{job.id}"
    return {"cancel": f"{own}/cancel", "get": own, "web": f"{origin}/replicate/p/{job.id}"}


def edge(job: Job, now_ns: int, origin: str, *, names: tuple[str, ...] | None = None) -> Prediction:
    """The fresh shape. `names`: files to tell of although the job has not ended."""
    shown: Prediction = {
        "id": job.id,
        "model": job.details["edge_model"],
        "version": job.details["version"],
        "input": job.input,
        "logs": logs.text(job, now_ns),
    }
    if names is not None or job.state.is_final:
        told = names if names is not None else job.outputs
        is_good = names is not None or job.state is State.SUCCEEDED
        shown["output"] = addresses(job, told, origin) if is_good else None
    shown |= {
        "data_removed": False,
        "error": job.error,
        "status": WORDS.get(job.state, job.state.value),
        "created_at": stamps.edge(job.created_ns),
    }
    if job.details["deadline_ns"]:
        shown["deadline"] = stamps.edge(job.details["deadline_ns"])
    if job.started_ns:
        shown["started_at"] = stamps.edge(job.started_ns)
    if job.completed_ns:
        shown["completed_at"] = stamps.edge(job.completed_ns)
        if job.started_ns:
            shown["metrics"] = _metrics(job)
    return shown | {"urls": _urls(job, origin) | {"stream": f"{origin}/replicate/streams/{job.id}"}}


def settled(job: Job, now_ns: int, origin: str) -> Prediction:
    """The settled shape: alphabetical, microseconds, null for what the fresh one leaves out."""
    is_removed = is_purged(job, now_ns / 1e9)
    has_output = job.state is State.SUCCEEDED and not is_removed
    shown: Prediction = {
        "completed_at": stamps.settled(job.completed_ns) if job.completed_ns else None,
        "created_at": stamps.settled(job.created_ns),
        "data_removed": is_removed,
        "error": job.error,
        "id": job.id,
        "input": {} if is_removed else job.input,
        "logs": None if is_removed else logs.text(job, now_ns) or None,
        "metrics": {},
        "model": job.details["model"],
        "output": addresses(job, job.outputs, origin) if has_output else None,
        "source": "api",
        "started_at": stamps.settled(job.started_ns) if job.started_ns else None,
        "status": WORDS.get(job.state, job.state.value),
        "urls": _urls(job, origin),
        "version": job.details["version"],
        "webhook_completed": None,
    }
    if job.completed_ns and job.started_ns:
        metrics = _metrics(job)
        total = (job.completed_ns - job.created_ns) / 1e9
        if job.number % 5 == 0:
            total = metrics["predict_time"] - 0.02  # recorded: predict_time may exceed total_time by some milliseconds
        shown["metrics"] = metrics | {"total_time": round(total, 6)}
    return shown
