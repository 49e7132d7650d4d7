"""Submit, status and cancel, of requests and of job sets."""

import asyncio
import json
import secrets
from typing import Any
from uuid import uuid4, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk
from providers.sandbox.directives import NAMES, split
from providers.sandbox.higgsfield import problems
from providers.sandbox.higgsfield.access import PROVIDER, base_of, faulty, guarded
from providers.sandbox.higgsfield.runs import BOOT_SHARE, Run
from providers.sandbox.higgsfield.shapes import KEYS, is_old, shown
from providers.sandbox.higgsfield.wishes import Refused, Wish, understand
from providers.sandbox.jobs import Job, State

REFUSALS = ("401", "402", "422", "429", "500")
ON_SUBMIT = frozenset(NAMES) - {"get", "cancel"}


def _details(wish: Wish, speed: float, told: dict[str, str]) -> dict[str, Any]:
    """What of a job only this face knows."""
    usual = wish.schema.seconds * speed
    return {
        "boot_seconds": float(told["queue"]) if "queue" in told else usual * BOOT_SHARE,
        "seconds": float(told["slow"]) if "slow" in told else usual * (1 - BOOT_SHARE),
        "seed": secrets.randbelow(1_000_000) + 1,
        "count": wish.schema.count(wish.input),
        "fingerprint": wish.fingerprint,
        "secret": wish.secret,
    }


def _accept(desk: Desk, wish: Wish, told: dict[str, str]) -> Job:
    job = Job(
        provider=PROVIDER,
        id=str(uuid5(KEYS, wish.key) if wish.key else uuid4()),
        number=len(desk.store) + 1,
        endpoint=wish.schema.endpoint,
        input=wish.input,
        created_ns=desk.clock.now_ns(),
        webhook=wish.webhook,
        events=("completed",),
        directives=told,
        details=_details(wish, desk.environment.speed, told),
    )
    desk.store.accept(job)
    return job


@guarded
async def submit(desk: Desk, request: Request) -> Response:
    """POST /{model} and POST /v1/{…}. The same key with the same wish answers the first request."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return problems.problem(422, [{"type": "json_invalid", "loc": ["body", 0], "msg": "JSON decode error"}])
    prompt = _prompt(body)
    told = desk.faults.take(prompt, ON_SUBMIT) | split(prompt)[1]
    for name in REFUSALS:
        if name in told:
            return problems.refusal(name, told[name])
    try:
        wish = understand(request, request.path_params["endpoint"], body)
    except Refused as refused:
        return refused.answer
    if wish.key and (known := desk.store.find(PROVIDER, str(uuid5(KEYS, wish.key)))):
        is_same = known.details["fingerprint"] == wish.fingerprint
        return JSONResponse(shown(known, base_of(desk, request))) if is_same else problems.reused_key()
    job = _accept(desk, wish, told)
    run = Run(desk, job)
    run.begin()
    return await _answer(desk, request, job, run)


def _prompt(body: Any) -> str:
    given = body.get("params", body) if isinstance(body, dict) else {}
    return str(given.get("prompt", "")) if isinstance(given, dict) else ""


async def _answer(desk: Desk, request: Request, job: Job, run: Run) -> Response:
    if job.is_told("accept-500"):
        return problems.bad_gateway()
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    fresh = shown(job, base_of(desk, request))
    if job.is_told("early"):
        await run.notice.tried.wait()
    await asyncio.sleep(job.told_seconds("accept-slow"))
    return JSONResponse(fresh)


def _find(desk: Desk, request: Request, *, old: bool) -> Job | None:
    job = desk.store.find(PROVIDER, str(request.path_params["id"]))
    return job if job and is_old(job) is old else None


async def _told(desk: Desk, request: Request, job: Job | None) -> Response:
    if job is None:
        return problems.not_found()
    refused = faulty(desk, "get", job.prompt, job.directives)
    return refused or JSONResponse(shown(job, base_of(desk, request)))


@guarded
async def status(desk: Desk, request: Request) -> Response:
    """GET /requests/{id}/status."""
    return await _told(desk, request, _find(desk, request, old=False))


@guarded
async def job_set(desk: Desk, request: Request) -> Response:
    """GET /v1/job-sets/{id}."""
    return await _told(desk, request, _find(desk, request, old=True))


@guarded
async def cancel(desk: Desk, request: Request) -> Response:
    """POST /requests/{id}/cancel: 202 without a body while the request waits, 400 from then on."""
    job = _find(desk, request, old=False)
    if job is None:
        return problems.not_found()
    if refused := faulty(desk, "cancel", job.prompt, job.directives):
        return refused
    run = desk.runs.get(job.id)
    if job.state is not State.WAITING or run is None:
        return problems.problem(400, "Request cannot be canceled: it has already started")
    run.stop()
    return Response(status_code=202)
