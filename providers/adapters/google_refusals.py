"""What Google's 4xx answers mean for the caller. Bodies are {"error": {code, message, status, details}}, or nearly.

Sources: docs/providers/google.md, "Refusals". What stands there as unverified is matched loosely here.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from providers.adapters.google_parts import objects
from providers.bodies import storable
from providers.errors import (
    ContentRefused,
    Misconfigured,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from providers.http import Answer

KEY = re.compile(r"api[_ ]key.{0,40}(not valid|invalid|expired|not found)|API_KEY_INVALID", re.I)
BILLING = re.compile(r"billing|prepa(y|id)|insufficient (funds|credit)|credits? (are|is) depleted|\blimit: 0\b", re.I)
REGION = re.compile(r"location|region|country", re.I)
# 403, and not the key's fault: the file is another project's, or its two days are over.
FILE = re.compile(r"access the file", re.I)
CONTENT = re.compile(r"safety|prohibited content|content policy|usage polic|sensitive words", re.I)
DAILY = re.compile(r"per[ _]?day", re.I)
DELAY = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)s")
UNTOLD_WAIT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 3_600.0
# A day's allowance returns at midnight Pacific time, and the answer does not say when that is. Asking six times a day
# costs nothing, and the first hours of a new day are not lost.
DAILY_WAIT_SECONDS = 4 * 3_600.0


def refusal(answer: Answer) -> ProviderError:
    """The error that a 4xx stands for."""
    error = answer.object.get("error")
    error = error if isinstance(error, dict) else {}
    reasons = " ".join(str(one["reason"]) for one in objects(error.get("details")) if one.get("reason"))
    text = storable(" ".join(str(part) for part in (error.get("status"), error.get("message"), reasons) if part))
    message, status = f"{answer.status} {text}".strip(), answer.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        if BILLING.search(text):
            return OutOfCredit(message, http_status=status)
        return RateLimited(message, retry_after_seconds=wait_seconds(answer, error), http_status=status)
    return _kind(status, text, str(error.get("status")))(message, http_status=status)


def _kind(status: int, text: str, word: str) -> type[ProviderError]:
    is_about_the_account = (
        status in {HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN} or word == "FAILED_PRECONDITION"
    )
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.BAD_REQUEST and KEY.search(text)):
        return TokenInvalid
    if status == HTTPStatus.PAYMENT_REQUIRED or (is_about_the_account and BILLING.search(text)):
        return OutOfCredit
    if word == "FAILED_PRECONDITION" and REGION.search(text):
        return Misconfigured
    if status == HTTPStatus.FORBIDDEN:
        return Rejected if FILE.search(text) else TokenInvalid
    if status == HTTPStatus.NOT_FOUND:
        return NotFound
    return ContentRefused if CONTENT.search(text) else Rejected


def wait_seconds(answer: Answer, error: Mapping[str, Any]) -> float:
    """Hours where a day's allowance is used up; else as long as RetryInfo says, else the Retry-After header."""
    details = list(objects(error.get("details")))
    quotas = [quota for one in details for quota in objects(one.get("violations"))]
    if any(DAILY.search(str(quota.get("quotaId"))) for quota in quotas):
        return DAILY_WAIT_SECONDS
    told = next((float(found[1]) for one in details if (found := DELAY.fullmatch(str(one.get("retryDelay"))))), None)
    if told is None:
        told = answer.retry_after_seconds
    return min(max(UNTOLD_WAIT_SECONDS if told is None else told, 1.0), LONGEST_WAIT_SECONDS)
