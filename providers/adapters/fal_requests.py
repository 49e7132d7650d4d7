"""Reads what fal says about a job: accepted, on its way, ended, told by a webhook. No network.

Queue: https://fal.ai/docs/documentation/model-apis/inference/queue. There is no status for failed or cancelled: both
are COMPLETED, and the result answers with the model's own HTTP status and error.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from providers.adapters.fal_addresses import IDENTIFIER, handed_out
from providers.adapters.fal_outputs import MAX_OUTPUTS, find, seconds_in
from providers.adapters.fal_refusals import CANCELLED, cause_of, refusal, types_in, words_of
from providers.bodies import json_object, storable
from providers.contract import ErrorCode, JobState, JobUpdate
from providers.errors import Transient
from providers.http import Answer

STATUS_IN_ERROR = re.compile(r"status code: ([1-5]\d\d)\b")
NOT_READY = re.compile(r"still in progress", re.I)
MOST_UNITS = 1e9
CLIENT_CLOSED = 499  # fal's status of a job that its sender took back


def accepted(answer: Mapping[str, Any], base_url: str) -> JobUpdate:
    """The answer to a submit; all but the id may be missing. Raises ValueError when that has no usable form."""
    external_id = _id_in(answer)
    return JobUpdate(
        external_id=external_id,
        state=JobState.RUNNING if answer.get("status") == "IN_PROGRESS" else JobState.WAITING,
        queue_position=_position(answer),
        follow_up=handed_out(answer, external_id, base_url),
    )


def progress(external_id: str, status: Mapping[str, Any]) -> JobUpdate | None:
    """How an open job is; None for one that has ended. A status never seen means "still at it"."""
    word = status.get("status")
    if word == "COMPLETED":
        if CANCELLED in types_in(status):
            return JobUpdate(external_id=external_id, state=JobState.CANCELLED, error_detail=words_of(status))
        return None
    state = JobState.WAITING if word == "IN_QUEUE" else JobState.RUNNING
    return JobUpdate(external_id=external_id, state=state, queue_position=_position(status))


def ended(external_id: str, status: Mapping[str, Any], result: Answer) -> JobUpdate:
    """The end of a job, from its status and its result. Raises what stands in providers.errors when it is not told."""
    seconds = seconds_in(status.get("metrics"), "inference_time")
    if result.is_success:
        return _succeeded(external_id, result.object, seconds, _units(result))
    if result.status == HTTPStatus.BAD_REQUEST and NOT_READY.search(words_of(result.object)):
        return JobUpdate(external_id=external_id, state=JobState.RUNNING)
    has_reason = bool(words_of(result.object) or status.get("error"))
    if result.is_failure and not has_reason:
        raise Transient(f"fal answered {result.status}", http_status=result.status)
    about_us = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
    if result.status in about_us and not status.get("error"):
        raise refusal(result)
    named = {"error_type": result.headers.get("X-Fal-Error-Type")}
    return _failed(external_id, result.status, {**named, **status, **result.object}, seconds)


def told(webhook: Mapping[str, Any]) -> JobUpdate:
    """The body of a delivery. Raises ValueError when it names no job."""
    external_id, payload = _id_in(webhook), webhook.get("payload")
    payload = payload if isinstance(payload, dict) else None
    if webhook.get("status") == "ERROR":
        found = STATUS_IN_ERROR.search(str(webhook.get("error")))
        reason = {"error": webhook.get("error"), **(payload or {})}
        return _failed(external_id, int(found[1]) if found else 0, reason, None)
    if webhook.get("status") != "OK" or webhook.get("payload_error") or payload is None:
        return JobUpdate(external_id=external_id, state=JobState.RUNNING)
    return _succeeded(external_id, payload, None, None)


def key_of(body: bytes, request_id: str) -> str:
    """What is the same for each repetition of a verified delivery; its job's own id where the body has one."""
    try:
        webhook = json_object(body)
        return f"{_id_in(webhook)}:{storable(webhook.get('status'), 20)}"
    except ValueError:
        return request_id


def _id_in(answer: Mapping[str, Any]) -> str:
    external_id = answer.get("request_id")
    if not isinstance(external_id, str) or not IDENTIFIER.fullmatch(external_id):
        raise ValueError("there is no usable request_id")
    return external_id


def _succeeded(external_id: str, output: Mapping[str, Any], seconds: float | None, units: float | None) -> JobUpdate:
    found = find(output)
    state, code, detail = JobState.SUCCEEDED, "", ""
    if not found.urls:
        state = JobState.FAILED
        code = ErrorCode.CONTENT_REFUSED if found.blackened else ErrorCode.NO_OUTPUT
        detail = "has_nsfw_concepts" if found.blackened else ""
    elif found.blackened:
        detail = f"{found.blackened} of {len(found.urls) + found.blackened} outputs blackened by the model's filter"
    elif len(found.urls) > MAX_OUTPUTS:
        detail = f"{len(found.urls)} outputs, {len(found.urls) - MAX_OUTPUTS} of them ignored"
    return JobUpdate(
        external_id=external_id,
        state=state,
        output_urls=found.urls[:MAX_OUTPUTS],
        error_code=code,
        error_detail=detail,
        provider_seconds=seconds if seconds is not None else seconds_in(output.get("timings"), "inference"),
        billed_units=units,
    )


def _failed(external_id: str, http_status: int, reason: Mapping[str, Any], seconds: float | None) -> JobUpdate:
    detail = storable(f"{http_status or ''} {words_of(reason)}".strip())
    types = types_in(reason)
    if CANCELLED in types or (http_status == CLIENT_CLOSED and not types):
        return JobUpdate(external_id=external_id, state=JobState.CANCELLED, error_detail=detail)
    return JobUpdate(
        external_id=external_id,
        state=JobState.FAILED,
        error_code=cause_of(http_status, reason),
        error_detail=detail,
        provider_seconds=seconds,
    )


def _position(answer: Mapping[str, Any]) -> int | None:
    value = answer.get("queue_position")
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _units(result: Answer) -> float | None:
    """What was counted, in the unit of the list price; a float written out, "8.439999999999998" among others."""
    try:
        units = float(result.headers.get("x-fal-billable-units", ""))
    except ValueError:
        return None
    return units if 0 <= units < MOST_UNITS else None
