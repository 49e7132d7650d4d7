"""The platform API's list of requests: pages, by the end's time, with payloads when asked for and stored."""

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk
from providers.sandbox.fal import PROVIDER, problems
from providers.sandbox.fal.access import account_of, faulty, guarded
from providers.sandbox.fal.shapes import ending, output, seconds_of
from providers.sandbox.jobs import Job
from providers.sandbox.replicate.stamps import parse, settled

USUAL_LIMIT, MOST = 50, 100
DAY_SECONDS = 86_400


@guarded
async def listing(desk: Desk, request: Request) -> Response:
    """GET api.fal.ai/v1/models/requests/by-endpoint. Only what has ended is listed."""
    if refused := faulty(desk, "list"):
        return refused
    asked = request.query_params
    endpoints = {name for value in asked.getlist("endpoint_id") for name in value.split(",")}
    if not endpoints:
        return problems.platform(400, "endpoint_id is required")
    try:
        start = parse(asked["start"]) if "start" in asked else desk.clock.now() - DAY_SECONDS
        limit = int(asked.get("limit", USUAL_LIMIT))
        page = int(base64.b64decode(asked["cursor"], validate=True)) if "cursor" in asked else 1
    except (ValueError, binascii.Error):
        return problems.platform(400, "Invalid request parameters")
    if not 1 <= limit <= MOST or page < 1:
        return problems.platform(400, "Invalid request parameters")
    jobs = [
        job
        for job in desk.store
        if job.provider == PROVIDER
        and job.endpoint in endpoints
        and job.details["account"] == account_of(request)
        and job.state.is_final
        and job.ended_at >= start
    ]
    jobs.sort(key=lambda job: -job.completed_ns)
    has_more = len(jobs) > page * limit
    with_payloads = "payloads" in asked.getlist("expand")
    return JSONResponse(
        {
            "items": [
                _item(job, desk.environment.origin, with_payloads=with_payloads)
                for job in jobs[(page - 1) * limit : page * limit]
            ],
            "next_cursor": base64.b64encode(str(page + 1).encode()).decode() if has_more else None,
            "has_more": has_more,
        }
    )


def _item(job: Job, origin: str, *, with_payloads: bool) -> dict[str, Any]:
    code, body = ending(job)
    shown: dict[str, Any] = {
        "request_id": job.id,
        "endpoint_id": job.endpoint,
        "sent_at": settled(job.created_ns),
        "started_at": settled(job.started_ns) if job.started_ns else None,
        "ended_at": settled(job.completed_ns),
        "status_code": code,
        "duration": seconds_of(job),
    }
    if with_payloads and job.details["is_stored"]:
        shown |= {"json_input": job.input, "json_output": output(job, origin) if body is None else body}
    return shown
