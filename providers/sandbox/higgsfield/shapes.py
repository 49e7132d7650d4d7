"""The two objects: a request, and a job set of the old API with a status per job. Keys as documented, no others."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from providers.sandbox import schemas
from providers.sandbox.higgsfield.access import PROVIDER
from providers.sandbox.higgsfield.wishes import OLD
from providers.sandbox.jobs import Job, State

WORDS = {
    State.WAITING: "queued",
    State.RUNNING: "in_progress",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELED: "canceled",
    State.ABORTED: "canceled",
}
NSFW = "nsfw"


def word_of(job: Job) -> str:
    """The job's status in Higgsfield's words."""
    return NSFW if job.state is State.FAILED and job.error == NSFW else WORDS[job.state]


def is_old(job: Job) -> bool:
    """Whether it came by the old API."""
    return job.endpoint.startswith(OLD)


def shown(job: Job, base: str) -> dict[str, Any]:
    """The job as its own API tells it. base: what addresses begin with."""
    return _job_set(job, base) if is_old(job) else _request(job, base)


def _request(job: Job, base: str) -> dict[str, Any]:
    own = f"{base}/requests/{job.id}"
    told: dict[str, Any] = {
        "status": word_of(job),
        "request_id": job.id,
        "status_url": f"{own}/status",
        "cancel_url": f"{own}/cancel",
    }
    if job.state is State.FAILED and job.error != NSFW:
        told["error"] = job.error
    if job.state is State.SUCCEEDED and not job.is_told("null"):
        files = [{"url": url} for url in _urls(job, base)]
        if not _is_video(job):
            told["images"] = files
        elif files:
            told["video"] = files[0]
    return told


def _job_set(job: Job, base: str) -> dict[str, Any]:
    count = job.details["count"]
    urls = _urls(job, base)
    kind = "video" if _is_video(job) else "image"
    jobs = []
    for index in range(count):
        # Told to, the filter strikes at the last one alone.
        is_struck = job.state is State.SUCCEEDED and job.is_told("part") and index == count - 1
        results = None
        if index < len(urls) and not is_struck:
            file = {"type": kind, "url": urls[index]}
            results = {"min": file, "raw": file}
        jobs.append(
            {
                "id": str(uuid5(UUID(job.id), str(index))),
                "job_set_type": job.endpoint.split("/")[1],
                "status": NSFW if is_struck else word_of(job),
                "results": results,
            }
        )
    moment = datetime.fromtimestamp(job.created_ns / 1e9, UTC).isoformat().replace("+00:00", "Z")
    kind_of_set = job.endpoint.removeprefix(OLD).replace("/", "_")
    return {"id": job.id, "type": kind_of_set, "created_at": moment, "jobs": jobs, "input_params": job.input}


def _is_video(job: Job) -> bool:
    schema = schemas.of(PROVIDER, job.endpoint)
    return schema is not None and schema.is_video


def _urls(job: Job, base: str) -> list[str]:
    names = job.outputs if job.state is State.SUCCEEDED else ()
    return [f"{base}/outputs/{job.id}/{name}" for name in names]


# Ids that come from a key, so that the same key finds the same request again, after a restart too.
KEYS = uuid5(NAMESPACE_URL, "https://docs.higgsfield.ai/docs/concepts/idempotency")
