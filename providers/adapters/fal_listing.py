"""fal's list of requests, from which an answerless submit may be adopted.

GET {api_url}/models/requests/by-endpoint?endpoint_id&start&limit&cursor&expand=payloads →
{"items": [{"request_id", "sent_at", "ended_at", "status_code", "json_input", …}], "next_cursor", "has_more"}
(https://fal.ai/docs/platform-apis/v1/models/requests/by-endpoint).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from providers.adapters.fal_addresses import IDENTIFIER
from providers.adapters.fal_refusals import refusal
from providers.contract import JobState, JobUpdate, Line, ListedJob
from providers.errors import Unsupported
from providers.http import Client

PAGE = 100
MAX_PAGES = 20


def listed_since(line: Line, headers: Mapping[str, str], created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
    """How a listed job ended is not read from the list: it is given as RUNNING, and fetch() tells."""
    api_url = line.options.get("api_url", "")
    if not api_url or not endpoint:
        raise Unsupported("fal lists the requests of one endpoint, through the address in api_url")
    client = Client("fal", replace(line, base_url=api_url), headers=headers)
    since = created_after.astimezone(UTC)
    params = {
        "endpoint_id": endpoint,
        "start": since.isoformat().replace("+00:00", "Z"),
        "limit": str(PAGE),
        "expand": "payloads",
    }
    for _ in range(MAX_PAGES):
        answer = client.read("GET", "/models/requests/by-endpoint", params=params)
        if not answer.is_success:
            raise refusal(answer)
        items = answer.object.get("items")
        yield from (job for job in _jobs(items) if job.created_at >= since)
        cursor = answer.object.get("next_cursor")
        if not isinstance(cursor, str) or not cursor or cursor == params.get("cursor"):
            return
        params = {**params, "cursor": cursor}


def _jobs(items: object) -> Iterator[ListedJob]:
    """The readable ones, newest of this page first; one that cannot be read does not hide the others."""
    found = [job for item in items if (job := _job(item))] if isinstance(items, list) else []
    yield from sorted(found, key=lambda job: job.created_at, reverse=True)


def _job(item: Any) -> ListedJob | None:
    if not isinstance(item, dict):
        return None
    external_id, created_at, inputs = item.get("request_id"), _moment(item.get("sent_at")), item.get("json_input")
    if not isinstance(external_id, str) or not IDENTIFIER.fullmatch(external_id) or created_at is None:
        return None
    update = JobUpdate(external_id=external_id, state=JobState.RUNNING)
    return ListedJob(update=update, created_at=created_at, inputs=inputs if isinstance(inputs, dict) else {})


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
