"""Submitting: to the queue, or with the connection held until the end. The body is the bare input."""

import asyncio
import json
import secrets
import time
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox import schemas
from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk
from providers.sandbox.directives import NAMES, split
from providers.sandbox.fal import PROVIDER, problems
from providers.sandbox.fal.access import account_of, guarded
from providers.sandbox.fal.queue import result_of
from providers.sandbox.fal.runs import Run, position_of
from providers.sandbox.fal.shapes import app_of, status
from providers.sandbox.inputs import is_here
from providers.sandbox.jobs import Job
from providers.sandbox.schemas import Schema

REFUSALS = ("401", "402", "403", "422", "429", "500")
ON_CREATE = frozenset(NAMES) - {"get", "cancel"}
SHORTEST_TIMEOUT_SECONDS = 0.1


class Refused(Exception):
    """The call is refused with this answer; nothing was accepted."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def request_id() -> str:
    """A UUID of version 7, as fal gives them since 2026: the time in milliseconds, then chance."""
    stamp = time.time_ns() // 1_000_000
    bits = (stamp << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=bits))


@guarded
async def submit(desk: Desk, request: Request) -> Response:
    """POST queue.fal.run/{endpoint}: what is wrong with the input is told at the end, by the model itself."""
    try:
        job, run = _accepted(desk, request, await request.body())
    except Refused as refused:
        return refused.answer
    if job.is_told("accept-500"):
        return problems.bad_gateway()
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    if job.is_told("early"):
        await run.told.wait()
    await asyncio.sleep(job.told_seconds("accept-slow"))
    shown = status(
        job, position=position_of(desk, job), origin=desk.environment.origin, at_ns=job.created_ns, has_logs=False
    )
    # Whatever became of it by now, a fresh request is told to be in line.
    position = shown.get("queue_position", 0)
    fresh = {name: shown[name] for name in ("request_id", "response_url", "status_url", "cancel_url")}
    return JSONResponse({"status": "IN_QUEUE", "queue_position": position, **fresh}, headers=_headers(job))


@guarded
async def run_now(desk: Desk, request: Request) -> Response:
    """POST fal.run/{endpoint}: the model's own answer."""
    try:
        job, run = _accepted(desk, request, await request.body())
    except Refused as refused:
        return refused.answer
    await run.ended.wait()
    return result_of(desk, job)


def _headers(job: Job) -> dict[str, str]:
    return {"x-fal-request-id": job.id}


def _accepted(desk: Desk, request: Request, content: bytes) -> tuple[Job, Run]:
    endpoint = request.path_params["endpoint"]
    given = _input(content)
    prompt = str(given.get("prompt", ""))
    told = desk.faults.take(prompt, ON_CREATE) | split(prompt)[1]
    for name in REFUSALS:
        if name in told:
            raise Refused(problems.refusal(name, told[name]))
    schema = _schema(endpoint)
    job = _job(desk, request, schema, given, told)
    desk.store.accept(job)
    run = Run(desk, job)
    run.begin()
    return job, run


def _input(content: bytes) -> dict[str, Any]:
    try:
        given = json.loads(content)
    except ValueError:
        raise Refused(problems.plain(422, [problems.problem("json_invalid", "JSON decode error", "0")])) from None
    if not isinstance(given, dict):
        raise Refused(problems.plain(422, [problems.problem("dict_type", "Input should be a valid dictionary", "0")]))
    return given


def _schema(endpoint: str) -> Schema:
    if schema := schemas.of(PROVIDER, endpoint):
        return schema
    app = app_of(endpoint)
    if any(app_of(name) == app for name in schemas.every(PROVIDER)):
        raise Refused(problems.not_found(f"Path /{endpoint.removeprefix(app).strip('/')} not found"))
    raise Refused(problems.not_found(f"Application '{app.rpartition('/')[2]}' not found"))


def _webhook(request: Request) -> str:
    """The real API takes https only. The sandbox also takes http on loopback, because that is where it is used."""
    address = request.query_params.get("fal_webhook", "")
    if address and not (address.startswith("https://") or is_here(address)):
        raise Refused(problems.plain(400, "Invalid webhook URL"))
    return address


def _start_timeout(request: Request) -> float:
    """The newer name goes before the older one; 0 means that there is no limit."""
    for name in ("x-fal-request-start-timeout", "x-fal-request-timeout"):
        if text := request.headers.get(name):
            try:
                seconds = float(text)
            except ValueError:
                seconds = 0
            if not SHORTEST_TIMEOUT_SECONDS < seconds < float("inf"):
                raise Refused(problems.plain(400, f"Invalid {name}"))
            return seconds
    return 0


def _job(desk: Desk, request: Request, schema: Schema, given: dict[str, Any], told: dict[str, str]) -> Job:
    created_ns, timeout = desk.clock.now_ns(), _start_timeout(request)
    details = {
        "account": account_of(request),
        "seconds": float(told["slow"]) if "slow" in told else schema.seconds * desk.environment.speed,
        "deadline_ns": created_ns + int(timeout * 1e9) if timeout else 0,
        "seed": secrets.randbits(64),  # most are larger than a float can hold, as real ones may be
        "is_stored": request.headers.get("x-fal-store-io") != "0",
    }
    return Job(
        provider=PROVIDER,
        id=request_id(),
        number=len(desk.store) + 1,
        endpoint=schema.endpoint,
        input=given,
        created_ns=created_ns,
        webhook=_webhook(request),
        events=("completed",),
        directives=told,
        details=details,
    )
