"""Reads Higgsfield's two objects: a request of the present API and a job set of the old one. No network.

Sources: docs/providers/higgsfield.md. Only the id and the status can be relied on; sizes and times are nowhere.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from providers.bodies import storable
from providers.contract import ErrorCode, JobState, JobUpdate

STATES = {
    "queued": JobState.WAITING,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "nsfw": JobState.FAILED,
    "canceled": JobState.CANCELLED,
}
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,120}")
MAX_OUTPUTS = 16
# What a person asked for. The rest of what some models give (audio, archives) counts only where none of these is.
PICTURES = ("images", "image", "videos", "video", "mov")
# First match wins; the texts themselves are not documented.
FAILURES = (
    (re.compile(r"nsfw|moderat|content polic|safety", re.I), ErrorCode.CONTENT_REFUSED),
    (re.compile(r"time[d -]?\s?out|took too long|deadline", re.I), ErrorCode.PROVIDER_TIMED_OUT),
)


def read(said: Mapping[str, Any]) -> JobUpdate:
    """Either object in our words. Raises ValueError when it has no usable id."""
    return _read_job_set(said) if isinstance(said.get("jobs"), list) else _read_request(said)


def usable_id(value: object) -> str:
    """Raises ValueError for what is none."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise ValueError("there is no usable id")
    return value


def _read_request(said: Mapping[str, Any]) -> JobUpdate:
    external_id = usable_id(said.get("request_id"))
    urls = tuple(_addresses(said))
    return _update(external_id, str(said.get("status")), urls, storable(said.get("error")))


def _read_job_set(said: Mapping[str, Any]) -> JobUpdate:
    """Several jobs, each with a status of its own: over when all are, good when one is."""
    external_id = usable_id(said.get("id"))
    jobs = [job for job in said["jobs"] if isinstance(job, dict)]
    words = [str(job.get("status")) for job in jobs]
    states = {STATES.get(word, JobState.RUNNING) for word in words}
    if not jobs or not all(state.is_final for state in states):
        is_waiting = states <= {JobState.WAITING}
        return JobUpdate(external_id=external_id, state=JobState.WAITING if is_waiting else JobState.RUNNING)
    lost = [word for word in words if word != "completed"]
    if len(lost) < len(words):
        urls = tuple(_results(job) for job in jobs if job.get("status") == "completed")
        detail = f"{len(lost)} of {len(words)} did not complete: {', '.join(lost)}" if lost else ""
        return _update(external_id, "completed", tuple(url for url in urls if url), detail)
    # A refused content explains itself better than whatever else went wrong beside it.
    word = next(word for word in ("nsfw", "failed", "canceled") if word in words)
    return _update(external_id, word, (), storable(next((job["error"] for job in jobs if job.get("error")), None)))


def _update(external_id: str, word: str, urls: tuple[str, ...], detail: str) -> JobUpdate:
    # A status we do not know is treated as "still at it": the poller asks again, the deadline ends it.
    state, code = STATES.get(word, JobState.RUNNING), ""
    if state is JobState.SUCCEEDED and not urls:
        state, code = JobState.FAILED, ErrorCode.NO_OUTPUT
    elif word == "nsfw":
        code, detail = ErrorCode.CONTENT_REFUSED, detail or "nsfw"
    elif state is JobState.FAILED:
        code = next((code for text, code in FAILURES if text.search(detail)), ErrorCode.PROVIDER_FAILED)
    elif state is JobState.SUCCEEDED and len(urls) > MAX_OUTPUTS:
        detail = f"{len(urls)} outputs, {len(urls) - MAX_OUTPUTS} of them ignored"
    is_good = state is JobState.SUCCEEDED
    return JobUpdate(
        external_id=external_id,
        state=state,
        output_urls=urls[:MAX_OUTPUTS] if is_good else (),
        error_code=code,
        error_detail=detail,
    )


def _addresses(said: Mapping[str, Any]) -> Iterator[str]:
    pictures = [url for name in PICTURES for url in _urls_in(said.get(name))]
    yield from pictures or (url for name, value in said.items() if name not in PICTURES for url in _urls_in(value))


def _urls_in(value: object) -> Iterator[str]:
    """The addresses of {"url": …} or a list of those."""
    for file in value if isinstance(value, list) else [value]:
        url = file.get("url") if isinstance(file, dict) else None
        if isinstance(url, str) and _is_address(url):
            yield url


def _results(job: Mapping[str, Any]) -> str:
    """The best file of a job: "raw" is the whole one, "min" a smaller copy."""
    results = job.get("results")
    sizes = [results.get("raw"), results.get("min")] if isinstance(results, dict) else []
    return next(_urls_in(sizes), "")


def _is_address(text: str) -> bool:
    if not text.startswith(("https://", "http://")) or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
