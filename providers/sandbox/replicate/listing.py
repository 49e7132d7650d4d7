"""GET /predictions: pages of 100, newest first, with cursors; created_after and created_before; settled shapes."""

import base64
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk
from providers.sandbox.jobs import Job
from providers.sandbox.replicate import stamps
from providers.sandbox.replicate.access import faulty, guarded
from providers.sandbox.replicate.models import PROVIDER
from providers.sandbox.replicate.problems import problem
from providers.sandbox.replicate.shapes import settled

PAGE = 100


def _write_cursor(direction: str, number: int) -> str:
    return base64.urlsafe_b64encode(f"{direction}={number}".encode()).decode()


def _read_cursor(text: str) -> tuple[str, int]:
    direction, _, number = base64.urlsafe_b64decode(text).decode().partition("=")
    if direction not in ("older", "newer"):
        raise ValueError(text)
    return direction, int(number)


def _page(jobs: list[Job], cursor: str | None) -> list[Job]:
    """The page of jobs, newest first, that the cursor points to."""
    if cursor is None:
        return jobs[:PAGE]
    direction, number = _read_cursor(cursor)
    if direction == "older":
        return [job for job in jobs if job.number < number][:PAGE]
    return [job for job in jobs if job.number > number][-PAGE:]


@guarded(remaining=2999)
async def listing(desk: Desk, request: Request) -> Response:
    """One page, with absolute addresses of its neighbours."""
    if refused := faulty(desk, "list"):
        return refused
    asked = request.query_params
    try:
        after = stamps.parse(asked["created_after"]) if "created_after" in asked else 0
        before = stamps.parse(asked["created_before"]) if "created_before" in asked else float("inf")
        jobs = [job for job in desk.store if job.provider == PROVIDER and after <= job.created_ns / 1e9 < before]
        jobs.sort(key=lambda job: -job.number)
        shown = _page(jobs, asked.get("cursor"))
    except ValueError:
        return problem(400, "Invalid cursor or date")
    origin = desk.environment.origin

    def link(direction: str, job: Job) -> str:
        query = {name: value for name, value in asked.items() if name != "cursor"}
        query["cursor"] = _write_cursor(direction, job.number)
        return f"{origin}/replicate/v1/predictions?{urlencode(query)}"

    answer: dict[str, Any] = {
        "next": link("older", shown[-1]) if shown and shown[-1] is not jobs[-1] else None,
        "previous": link("newer", shown[0]) if shown and shown[0] is not jobs[0] else None,
        "results": [settled(job, desk.clock.now_ns(), origin) for job in shown],
    }
    return JSONResponse(answer)
