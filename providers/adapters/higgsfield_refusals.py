"""What Higgsfield's 4xx answers mean for the caller. Bodies are {"detail": text or list of problems}, or nearly.

Sources: docs/providers/higgsfield.md, "Refusals". 403 is about credit: both official clients read it so.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from providers.bodies import storable
from providers.contract import ErrorCode
from providers.errors import (
    Ambiguous,
    ContentRefused,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from providers.http import Answer

# In the order in which the official Python client looks.
SPEAKING = ("detail", "details", "message", "error", "code")
TOO_MANY = re.compile(r"concurrent requests", re.I)
KEY_REUSED = re.compile(r"idempoten", re.I)
CONTENT = re.compile(r"nsfw|moderat|content polic", re.I)
PLAIN: dict[int, type[ProviderError]] = {
    HTTPStatus.UNAUTHORIZED: TokenInvalid,
    HTTPStatus.PAYMENT_REQUIRED: OutOfCredit,
    HTTPStatus.FORBIDDEN: OutOfCredit,
    HTTPStatus.NOT_FOUND: NotFound,
}
# When nothing says how long; a place comes free when one of the account's own jobs ends.
UNTOLD_WAIT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 3_600.0


def refusal(answer: Answer) -> ProviderError:
    """The error that a 4xx stands for."""
    text, status = _text(answer.object), answer.status
    message = f"{status} {text}".strip()
    # Before capacity was made a queue, a full account was a bad request.
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.BAD_REQUEST and TOO_MANY.search(text)):
        return RateLimited(message, retry_after_seconds=_wait_seconds(answer), http_status=status)
    if plain := PLAIN.get(status):
        return plain(message, http_status=status)
    about_input = isinstance(answer.object.get("detail"), list)
    if status == HTTPStatus.CONFLICT or (
        status == HTTPStatus.UNPROCESSABLE_ENTITY and KEY_REUSED.search(text) and not about_input
    ):
        # The key was used before, so a job of ours may be there; which, its webhook will tell.
        return Ambiguous(message, http_status=status)
    if CONTENT.search(text) and not about_input:
        return ContentRefused(message, http_status=status)
    return Rejected(message, code=ErrorCode.INPUT_REFUSED, http_status=status)


def _text(body: Mapping[str, Any]) -> str:
    said = next((body[name] for name in SPEAKING if body.get(name)), None)
    if isinstance(said, list):
        # Of each problem where and what; "input" repeats what the person wrote.
        return storable("; ".join(_problem(one) for one in said))
    return storable(said)


def _problem(one: object) -> str:
    if not isinstance(one, dict):
        return str(one)
    place = one.get("loc")
    where = ".".join(str(part) for part in place) if isinstance(place, list) else ""
    return f"{where}: {one.get('msg')}" if where else str(one.get("msg"))


def _wait_seconds(answer: Answer) -> float:
    told = answer.retry_after_seconds
    return min(max(UNTOLD_WAIT_SECONDS if told is None else told, 1.0), LONGEST_WAIT_SECONDS)
