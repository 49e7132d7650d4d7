"""Reads Replicate's prediction object, in all the shapes it has been seen in. No network.

Object: https://replicate.com/docs/reference/http#predictions.get. Only id and status can be relied on; output is absent
while starting, null once data is removed, and a string, a list or an object by model.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from providers.bodies import storable
from providers.contract import ErrorCode, JobState, JobUpdate, ListedJob

STATES = {
    "starting": JobState.WAITING,
    "processing": JobState.RUNNING,
    "succeeded": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "canceled": JobState.CANCELLED,
    # Ended before it started: by the fuse, or cancelled while waiting.
    "aborted": JobState.CANCELLED,
}
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,120}")
MAX_OUTPUTS = 16
DEEPEST_OUTPUT = 3
LONGEST_SECONDS = 1e6
# First match wins. Where each text was seen: docs/providers/replicate.md, "Failed runs".
FAILURES = (
    (re.compile(r"input failed validation", re.I), ErrorCode.INPUT_REFUSED),
    (re.compile(r"nsfw|\bE005\b|flagged as sensitive|sensitive content", re.I), ErrorCode.CONTENT_REFUSED),
    (re.compile(r"\bE6716\b|time[d -]?\s?out|took too long|deadline", re.I), ErrorCode.PROVIDER_TIMED_OUT),
)


def read(prediction: Mapping[str, Any]) -> JobUpdate:
    """The prediction in our words. Raises ValueError when it has no usable id."""
    external_id = prediction.get("id")
    if not isinstance(external_id, str) or not IDENTIFIER.fullmatch(external_id):
        raise ValueError("the prediction has no usable id")
    # A status we do not know is treated as "still at it": the poller asks again, the deadline ends it.
    state = STATES.get(str(prediction.get("status")), JobState.RUNNING)
    detail = storable(prediction.get("error"))
    seconds = _seconds(prediction)
    if state is JobState.SUCCEEDED:
        return _succeeded(external_id, prediction, seconds)
    if state is JobState.FAILED:
        code: str = next((code for text, code in FAILURES if text.search(detail)), ErrorCode.PROVIDER_FAILED)
    elif state is JobState.CANCELLED and _reached_its_fuse(prediction):
        state, code = JobState.FAILED, ErrorCode.PROVIDER_TIMED_OUT
    else:
        code = ""
    return JobUpdate(
        external_id=external_id, state=state, error_code=code, error_detail=detail, provider_seconds=seconds
    )


def listed(results: Sequence[object]) -> list[ListedJob]:
    """The readable predictions of a page; one that cannot be read does not hide the others."""
    jobs = []
    for prediction in results:
        if not isinstance(prediction, dict):
            continue
        created_at, inputs = moment(prediction.get("created_at")), prediction.get("input")
        try:
            update = read(prediction)
        except ValueError:
            continue
        if update.error_code == ErrorCode.NO_OUTPUT:
            # Whether the list shows outputs is not known; the prediction itself does.
            update = replace(update, state=JobState.RUNNING, error_code="")
        if created_at:
            jobs.append(
                ListedJob(update=update, created_at=created_at, inputs=inputs if isinstance(inputs, dict) else {})
            )
    return jobs


def moment(value: object) -> datetime | None:
    """A time with any number of decimals (0, 3, 6, and 8 or 9 have been seen), in UTC; None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _succeeded(external_id: str, prediction: Mapping[str, Any], seconds: float | None) -> JobUpdate:
    texts = list(_texts(prediction.get("output"), DEEPEST_OUTPUT))
    urls = tuple(text for text in texts if _is_address(text))
    state, code, detail = JobState.SUCCEEDED, "", storable(prediction.get("error"))
    if len(urls) > MAX_OUTPUTS:
        detail = f"{len(urls)} outputs, {len(urls) - MAX_OUTPUTS} of them ignored"
    elif not urls and any(text.startswith("data:") for text in texts):
        state = JobState.RUNNING  # an early answer with the file inline; the settled one has an address
    elif not urls and prediction.get("data_removed") is True:
        state, code = JobState.FAILED, ErrorCode.OUTPUT_EXPIRED
    elif not urls:  # some models succeed with an empty list when their filter strikes
        state, code = JobState.FAILED, ErrorCode.NO_OUTPUT
    return JobUpdate(
        external_id=external_id,
        state=state,
        output_urls=urls[:MAX_OUTPUTS],
        error_code=code,
        error_detail=detail,
        provider_seconds=seconds,
    )


def _texts(output: object, depth: int) -> Iterator[str]:
    if isinstance(output, str):
        yield output
    elif isinstance(output, (list, dict)) and depth:
        for part in output.values() if isinstance(output, dict) else output:
            yield from _texts(part, depth - 1)


def _is_address(text: str) -> bool:
    if not text.startswith(("https://", "http://")) or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def _reached_its_fuse(prediction: Mapping[str, Any]) -> bool:
    deadline, ended = moment(prediction.get("deadline")), moment(prediction.get("completed_at"))
    return bool(deadline and ended and ended >= deadline)


def _seconds(prediction: Mapping[str, Any]) -> float | None:
    metrics = prediction.get("metrics")
    value = metrics.get("predict_time") if isinstance(metrics, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < LONGEST_SECONDS else None
