"""Asking after a request: status, its stream, the result; and cancelling."""

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from providers.sandbox.desk import Desk
from providers.sandbox.fal import PROVIDER, problems
from providers.sandbox.fal.access import faulty, guarded
from providers.sandbox.fal.runs import position_of
from providers.sandbox.fal.shapes import Shown, app_of, ending, output, status, units
from providers.sandbox.jobs import Job, State

TICK_SECONDS = 0.2
TICKS_PER_PING = 75
YES = ("1", "true", "True")


def _find(desk: Desk, request: Request) -> Job | None:
    """Found below its own app only: the path of the endpoint is dropped."""
    job = desk.store.find(PROVIDER, request.path_params["id"])
    return job if job and app_of(job.endpoint) == request.path_params["app"] else None


def _shown(desk: Desk, job: Job, request: Request) -> Shown:
    return status(
        job,
        position=position_of(desk, job),
        origin=desk.environment.origin,
        at_ns=desk.clock.now_ns(),
        has_logs=request.query_params.get("logs", "") in YES,
    )


@guarded
async def get_status(desk: Desk, request: Request) -> Response:
    """GET …/status: 202 while it is open, 200 at its end, whichever that is."""
    job = _find(desk, request)
    if job is None:
        return problems.not_found("Request not found")
    if refused := faulty(desk, "get", job.prompt, job.directives):
        return refused
    return JSONResponse(_shown(desk, job, request), HTTPStatus.OK if job.state.is_final else HTTPStatus.ACCEPTED)


@guarded
async def stream(desk: Desk, request: Request) -> Response:
    """GET …/status/stream: the status each time it changes, until the end. Logs are told once."""
    job = _find(desk, request)
    if job is None:
        return problems.not_found("Request not found")
    return StreamingResponse(_events(desk, job, request), media_type="text/event-stream")


async def _events(desk: Desk, job: Job, request: Request) -> AsyncIterator[str]:
    last, seen, ticks = "", 0, 0
    while True:
        shown = _shown(desk, job, request)
        if all_logs := shown.get("logs"):
            shown["logs"], seen = all_logs[seen:], len(all_logs)
        text = json.dumps(shown)
        if text != last:
            yield f"data: {text}\n\n"
        if shown["status"] == "COMPLETED":
            return
        last, ticks = json.dumps(shown | {"logs": []} if all_logs else shown), ticks + 1
        if ticks % TICKS_PER_PING == 0:
            yield ": ping\n\n"
        await asyncio.sleep(TICK_SECONDS)


@guarded
async def result(desk: Desk, request: Request) -> Response:
    """GET …/requests/{id}: what the model answered, its HTTP status included."""
    job = _find(desk, request)
    if job is None:
        return problems.not_found("Request not found")
    if refused := faulty(desk, "get", job.prompt, job.directives):
        return refused
    if not job.state.is_final:
        return problems.plain(400, "Request is still in progress")
    return result_of(desk, job)


def result_of(desk: Desk, job: Job) -> Response:
    """The end of a job as an answer."""
    code, body = ending(job)
    headers = {"x-fal-request-id": job.id, "x-fal-served-from": "sandbox"}
    if body is None:
        return JSONResponse(
            output(job, desk.environment.origin), headers=headers | {"x-fal-billable-units": units(job)}
        )
    if kind := body.get("error_type"):
        headers["X-Fal-Error-Type"] = kind
        if kind == "request_timeout":
            headers["X-Fal-Request-Timeout-Type"] = "user"
    return JSONResponse(body, code, headers | {"X-Fal-Retryable": "false"})


@guarded
async def cancel(desk: Desk, request: Request) -> Response:
    """PUT …/cancel: out of the line at once; a running one is signalled, and may not listen."""
    job = _find(desk, request)
    if job is None:
        return JSONResponse({"status": "NOT_FOUND"}, 404)
    if refused := faulty(desk, "cancel", job.prompt, job.directives):
        return refused
    if job.state.is_final:
        return JSONResponse({"status": "ALREADY_COMPLETED"}, 400)
    run = desk.runs.get(job.id)
    if run and not (job.state is State.RUNNING and job.is_told("unstoppable")):
        run.stop()
    return JSONResponse({"status": "CANCELLATION_REQUESTED"}, 202)
