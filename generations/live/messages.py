"""What a page may say on its socket, read strictly. Whether it may say so at this point, the consumer knows."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from generations import feed, jobs

MAX_MESSAGE = 4096
NARROWED = ("kind", "model")
WHOLE_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def read(text: str | None) -> dict[str, Any] | None:
    """What a page says as a table; None for what is not understood.

    {"have": int, "jobs": bool, …}, or exactly {"ack": int} or {"jobs": int}, the last perhaps with "kind" and "model".
    """
    if text is None or len(text) > MAX_MESSAGE:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict):
        return None
    if "have" in message:
        number = message["have"] if "ack" not in message else None
    elif len(message) == 1 or set(message) == {"jobs", *NARROWED}:
        number = message.get("ack", message.get("jobs"))
    else:
        number = None
    return message if isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63 else None


def read_query(given: Mapping[str, str]) -> dict[str, Any] | None:
    """What a page without a socket has, of its address: as "have" says it on a socket; None for anything else."""
    number = given.get("have", "")
    if not WHOLE_NUMBER.fullmatch(number):
        return None
    return {
        **{name: given.get(name) for name in ("page", "id", "lang", *NARROWED)},
        "have": int(number),
        "jobs": given.get("jobs") == "true",
    }


def page_of(message: dict[str, Any]) -> feed.Page:
    kind = message.get("page")
    language = message.get("lang")
    try:
        result_id = UUID(str(message.get("id")))
    except ValueError:
        result_id = None
    return feed.Page(
        kind=kind if kind in feed.PAGES else "other",
        has_jobs=message.get("jobs") is True,
        asked=asked_of(message),
        result_id=result_id,
        language=language if language in [code for code, _name in settings.LANGUAGES] else "en",
    )


def asked_of(message: dict[str, Any]) -> jobs.Filter:
    """To what the page's queue is narrowed, apart from the state."""
    return jobs.Filter.of({name: word for name in NARROWED if isinstance(word := message.get(name), str)})
