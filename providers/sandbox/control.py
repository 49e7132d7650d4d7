"""The sandbox's levers, below /control: for tests and for trying things out. Loopback only, so without a password.

GET  /control/health    -> {"status": "ok", "jobs", "open", "now"}
GET  /control/journal   ?since= (ISO moment or seconds since 1970) &contains= (part of the prompt) -> {"jobs": [...]}
POST /control/reset     forgets jobs, faults, failing tokens and the clock; keeps the webhook secret
POST /control/faults    {"match": "*", "fault": "drop", "value": "", "times": 1}: a directive, list, secret or upload
POST /control/tokens    {"token": "r8_..." or "*", "fault": "401", "value": "", "times": 1000000}; fault null heals it
POST /control/clock     {"advance_seconds": 3600} -> {"now", "offset_seconds"}; whoever sleeps by the clock wakes
POST /control/signing   {"mode": "unsigned", "signed" or "dual"} -> {"mode", "secret", "former"}
POST /control/deliver   {"id", "event": "completed", "times": 1, "forge": ""} -> {"deliveries": [...]} when answered

`deliver` sends the prediction as it is now to the job's webhook address; all `times` carry one webhook-id. `forge` is
one of `signature, secret, old, unsigned, v2, two` (see `signature`), or `body`: altered after signing.
"""

import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.directives import SIGNINGS, is_known
from providers.sandbox.faces import FACES
from providers.sandbox.faults import CALLS, Fault
from providers.sandbox.jobs import Job
from providers.sandbox.replicate.stamps import parse, settled
from providers.sandbox.signature import former

TOKEN_FAULTS = ("401", "402", "403", "404", "422", "429", "500", "503")


class Unclear(Exception):
    """The body cannot be followed; the message says why."""


def _told(job: Job) -> dict[str, Any]:
    return {
        "provider": job.provider,
        "id": job.id,
        "endpoint": job.endpoint,
        "input": job.input,
        "webhook": job.webhook or None,
        "events": job.events,
        "directives": job.directives,
        "created_at": settled(job.created_ns),
        "completed_at": settled(job.completed_ns) if job.completed_ns else None,
        "state": job.state,
        "error": job.error,
        "webhooks_sent": len(job.deliveries),
        "webhooks": [asdict(delivery) for delivery in job.deliveries],
    }


async def health(request: Request) -> Response:
    desk = desk_of(request)
    is_open = [job for job in desk.store if not job.state.is_final]
    return JSONResponse({"status": "ok", "jobs": len(desk.store), "open": len(is_open), "now": desk.clock.now()})


async def journal(request: Request) -> Response:
    desk = desk_of(request)
    since, contains = request.query_params.get("since", "0"), request.query_params.get("contains", "")
    try:
        moment = float(since) if since.replace(".", "", 1).isdecimal() else parse(since)
    except ValueError:
        raise Unclear(f"since is {since!r}; write an ISO moment or seconds since 1970") from None
    found = [job for job in desk.store if job.created_ns / 1e9 >= moment and contains in job.prompt]
    return JSONResponse({"jobs": [_told(job) for job in found]})


async def reset(request: Request) -> Response:
    desk_of(request).reset()
    return JSONResponse({"status": "ok"})


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Unclear("the body is not JSON") from None
    if not isinstance(body, dict):
        raise Unclear("the body is not an object")
    return body


def _times(body: dict[str, Any], usual: int) -> int:
    times = body.get("times", usual)
    if not isinstance(times, int) or times < 1:
        raise Unclear(f"times is {times!r}; write a whole number above 0")
    return times


def _fault(body: dict[str, Any], match: str, times: int) -> Fault:
    value = str(body.get("value") or "")
    return Fault(match=match, name=str(body.get("fault")), value=value, times=_times(body, times))


async def faults(request: Request) -> Response:
    body = await _body(request)
    fault = _fault(body, str(body.get("match") or "*"), 1)
    if not (fault.name in CALLS or is_known(fault.name, fault.value or None)):
        raise Unclear(f"there is no fault {fault.name!r} that takes the value {fault.value!r}; see docs/sandbox.md")
    desk_of(request).faults.add(fault)
    return JSONResponse(asdict(fault), 201)


async def tokens(request: Request) -> Response:
    body = await _body(request)
    token = str(body.get("token") or "*")
    if body.get("fault") is None:
        desk_of(request).faults.fail_token(token, None)
        return JSONResponse({"token": token, "fault": None}, 201)
    fault = _fault(body, token, 1_000_000)
    if fault.name not in TOKEN_FAULTS:
        raise Unclear(f"a token cannot fail with {fault.name!r}; one of {', '.join(TOKEN_FAULTS)}")
    desk_of(request).faults.fail_token(token, fault)
    return JSONResponse(asdict(fault), 201)


async def clock(request: Request) -> Response:
    desk, seconds = desk_of(request), (await _body(request)).get("advance_seconds")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise Unclear("advance_seconds must be a number of seconds, not below 0")
    offset = desk.clock.offset_seconds + seconds
    desk.store.set_offset(offset)
    desk.clock.set_offset(offset)
    return JSONResponse({"now": desk.clock.now(), "offset_seconds": offset})


async def signing(request: Request) -> Response:
    desk, mode = desk_of(request), (await _body(request)).get("mode")
    if mode not in SIGNINGS:
        raise Unclear(f"mode is {mode!r}; one of {', '.join(SIGNINGS)}")
    desk.signing = mode
    return JSONResponse({"mode": mode, "secret": desk.secret, "former": former(desk.secret)})


async def deliver(request: Request) -> Response:
    desk, body = desk_of(request), await _body(request)
    job = _webhook_job(desk, str(body.get("id")))
    event, forgery, times = str(body.get("event", "completed")), str(body.get("forge") or ""), _times(body, 1)
    face = FACES[job.provider]
    if not face.can_send(event, forgery):
        raise Unclear(f"cannot send the event {event!r} with the forgery {forgery!r}")
    deliveries = await face.send_again(desk, job, event, forgery, times)
    return JSONResponse({"deliveries": [asdict(delivery) for delivery in deliveries]})


def _webhook_job(desk: Desk, job_id: str) -> Job:
    for job in desk.store:
        if job.id == job_id and job.webhook:
            return job
    raise Unclear(f"there is no job {job_id} with a webhook")


async def unclear(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


ROUTES = [
    Route("/health", health, methods=["GET"]),
    Route("/journal", journal, methods=["GET"]),
    Route("/reset", reset, methods=["POST"]),
    Route("/faults", faults, methods=["POST"]),
    Route("/tokens", tokens, methods=["POST"]),
    Route("/clock", clock, methods=["POST"]),
    Route("/signing", signing, methods=["POST"]),
    Route("/deliver", deliver, methods=["POST"]),
]
