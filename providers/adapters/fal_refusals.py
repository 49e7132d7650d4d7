"""What fal's errors mean: answers to calls as exceptions, ends of jobs as codes. No network.

Bodies: {"detail": "text"}, {"detail": [{"loc", "msg", "type", …}]}, {"detail", "error_type"}, {"error": {"type",
"message"}} from the platform API. Sources: docs/providers/fal.md, "Errors".
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from providers.bodies import storable
from providers.contract import ErrorCode
from providers.errors import (
    ContentRefused,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from providers.http import Answer

CANCELLED = "client_cancelled"
CONTENT = {"content_policy_violation"}
TIMEOUTS = {"generation_timeout", "request_timeout", "startup_timeout"}
# 4xx, and yet nothing a person typed.
NOT_THE_INPUT = {"downstream_service_error", "client_disconnected"}
MONEY = re.compile(r"exhausted balance|top[ _.-]?up|billing|payment|insufficient (credit|balance|funds)", re.I)
POLICY = re.compile(r"content polic|nsfw|flagged by|safety (checker|filter|system)|moderation", re.I)
LATE = re.compile(r"timed[ -]?out|timeout", re.I)
UNTOLD_WAIT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 3_600.0
MOST_PROBLEMS = 20


def refusal(answer: Answer) -> ProviderError:
    """The error that a 4xx stands for."""
    words, types, status = words_of(answer.object), types_in(answer.object), answer.status
    message = storable(f"{status} {words}".strip())
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told = answer.retry_after_seconds
        seconds = min(max(UNTOLD_WAIT_SECONDS if told is None else told, 1.0), LONGEST_WAIT_SECONDS)
        return RateLimited(message, retry_after_seconds=seconds, http_status=status)
    is_locked_for_money = status == HTTPStatus.FORBIDDEN and MONEY.search(words)
    if status == HTTPStatus.PAYMENT_REQUIRED or is_locked_for_money:
        return OutOfCredit(message, http_status=status)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return TokenInvalid(message, http_status=status)
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(message, http_status=status)
    if CONTENT & types or (not types and POLICY.search(words)):
        return ContentRefused(message, http_status=status)
    return Rejected(message, code=cause_of(status, answer.object), http_status=status)


def cause_of(http_status: int, reason: Mapping[str, Any]) -> ErrorCode:
    """Why a job failed: by the types fal names, by its words where it names none, else by the HTTP status."""
    types, words = types_in(reason), words_of(reason)
    if CONTENT & types or (not types and POLICY.search(words)):
        return ErrorCode.CONTENT_REFUSED
    if TIMEOUTS & types or http_status == HTTPStatus.GATEWAY_TIMEOUT or (not types and LATE.search(words)):
        return ErrorCode.PROVIDER_TIMED_OUT
    if "no_media_generated" in types:
        return ErrorCode.NO_OUTPUT
    is_4xx = HTTPStatus.BAD_REQUEST <= http_status < HTTPStatus.INTERNAL_SERVER_ERROR
    return ErrorCode.INPUT_REFUSED if is_4xx and not NOT_THE_INPUT & types else ErrorCode.PROVIDER_FAILED


def types_in(reason: Mapping[str, Any]) -> set[str]:
    """Every type named: of the request, and of each problem."""
    named = [reason.get("error_type"), *(problem.get("type") for problem in _problems(reason))]
    return {one for one in named if isinstance(one, str) and one}


def words_of(reason: Mapping[str, Any]) -> str:
    """For admins: what was wrong and where, without the input that fal repeats beside it."""
    said = [*_texts(reason), *(_told(problem) for problem in _problems(reason))]
    if error_type := reason.get("error_type"):
        said.append(f"({storable(error_type, 60)})")
    return storable("; ".join(text for text in said if text))


def _texts(reason: Mapping[str, Any]) -> Iterator[str]:
    for name in ("error", "detail", "message"):
        value = reason.get(name)
        if isinstance(value, dict):  # the platform API
            yield storable(value.get("message"))
        elif isinstance(value, str):
            yield storable(value)


def _problems(reason: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = reason.get("detail")
    if not isinstance(listed, list):
        return []
    return [problem for problem in listed[:MOST_PROBLEMS] if isinstance(problem, dict)]


def _told(problem: Mapping[str, Any]) -> str:
    place = problem.get("loc")
    where = ".".join(str(part) for part in place if part != "body") if isinstance(place, list) else ""
    return f"{where}: {storable(problem.get('msg'), 300)} ({storable(problem.get('type'), 60)})".removeprefix(": ")
