"""What Replicate's 4xx answers mean for the caller. Bodies are problem+json, {title?, detail, status, …}, or nearly.

Sources: docs/providers/replicate.md, "Refusals". What stands there as unverified is matched loosely here.
"""

import re
from http import HTTPStatus

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

PAYMENT = re.compile(r"payment|billing|insufficient credit|out of credit|spend(ing)? limit", re.I)
CONTENT = re.compile(r"nsfw|\bE005\b|flagged as sensitive|content policy|moderation", re.I)
VERSION = re.compile(r"invalid version|not permitted|specified version", re.I)
WAIT = re.compile(r"(?:~|available in )(\d{1,6})\s?s", re.I)
# When nothing says how long: two calls a second is what a small account may make, so this is far on the safe side.
UNTOLD_WAIT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 3_600.0


def refusal(answer: Answer) -> ProviderError:
    """The error that a 4xx stands for."""
    body = answer.object
    text = storable(": ".join(str(body[key]) for key in ("title", "detail") if body.get(key)))
    message = f"{answer.status} {text}".strip()
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(message, retry_after_seconds=_wait_seconds(answer, text), http_status=answer.status)
    # A missing payment method has come as 422, too; but a refused input may quote a prompt that speaks of payment.
    about_input = "invalid_fields" in body or "input" in str(body.get("title")).lower()
    about_money = PAYMENT.search(text) and not about_input and answer.status != HTTPStatus.UNAUTHORIZED
    if answer.status == HTTPStatus.PAYMENT_REQUIRED or about_money:
        return OutOfCredit(message, http_status=answer.status)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return TokenInvalid(message, http_status=answer.status)
    if answer.status == HTTPStatus.NOT_FOUND:
        return NotFound(message, http_status=answer.status)
    if CONTENT.search(text):
        return ContentRefused(message, http_status=answer.status)
    # Nothing a person typed: the model's version is gone or closed to this account.
    code = ErrorCode.PROVIDER_FAILED if VERSION.search(text) else ErrorCode.INPUT_REFUSED
    return Rejected(message, code=code, http_status=answer.status)


def _wait_seconds(answer: Answer, text: str) -> float:
    """The Retry-After header, else retry_after in the body, else "~30s" or "available in 1 second" in the text."""
    told = answer.retry_after_seconds
    stated = answer.object.get("retry_after")
    if told is None and isinstance(stated, (int, float)) and not isinstance(stated, bool):
        told = float(min(stated, LONGEST_WAIT_SECONDS))
    if told is None and (found := WAIT.search(text)):
        told = float(found[1])
    if told is None or not told >= 0:
        told = UNTOLD_WAIT_SECONDS
    return min(max(told, 1.0), LONGEST_WAIT_SECONDS)
