"""Create, get and cancel a prediction. Listing is in `listing`."""

import asyncio
import base64
import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk
from providers.sandbox.directives import NAMES, split
from providers.sandbox.jobs import Job, State
from providers.sandbox.replicate import problems
from providers.sandbox.replicate.access import faulty, guarded, token_of
from providers.sandbox.replicate.models import PROVIDER, shown_version
from providers.sandbox.replicate.openapi import is_single
from providers.sandbox.replicate.requests import Refused, Wanted, understand, wait_seconds, words_of
from providers.sandbox.replicate.runs import BOOT_SHARE, Run
from providers.sandbox.replicate.shapes import Prediction, edge, is_settled, settled
from providers.sandbox.uploads import owner_of
from providers.sandbox.work.order import TYPES

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
REFUSALS = ("401", "402", "422", "429", "500")
ON_CREATE = frozenset(NAMES) - {"get", "cancel"}
EVERY_NTH_IS_202 = 7
EVERY_NTH_IS_INTERNAL = 4


def _accept(desk: Desk, wanted: Wanted, told: dict[str, str], token: str) -> Job:
    number = len(desk.store) + 1
    created_ns = desk.clock.now_ns()
    if number % 2 == 0:
        created_ns -= created_ns % 1_000_000  # some objects carry milliseconds, some nanoseconds
    job = Job(
        provider=PROVIDER,
        id="".join(secrets.choice(ALPHABET) for _ in range(26)),
        number=number,
        endpoint=wanted.model.endpoint,
        input=wanted.input,
        created_ns=created_ns,
        webhook=wanted.webhook,
        events=wanted.events,
        directives=told,
        details=_details(wanted, number, desk.environment.speed, told) | {"owner": owner_of(token)},
    )
    if wanted.cancel_after_seconds:
        job.details["deadline_ns"] = created_ns + wanted.cancel_after_seconds * 1_000_000_000
    desk.store.accept(job)
    return job


def _details(wanted: Wanted, number: int, speed: float, told: dict[str, str]) -> dict[str, Any]:
    """What of a job only this face knows."""
    model = wanted.model
    usual = model.seconds * speed
    # Recorded: an official model's fresh object may carry an internal name.
    is_internal = wanted.version == shown_version(model) and number % EVERY_NTH_IS_INTERNAL == 0
    name = model.endpoint.partition("/")[2]
    elsewhere = {} if "prompt" in wanted.input else {"prompt": model.prompt(wanted.input)}
    return elsewhere | {
        "model": model.endpoint,
        "edge_model": f"replicate-internal/{name}" if is_internal else model.endpoint,
        "is_single": is_single(model),
        "count": model.count(wanted.input),
        "version": wanted.version,
        "boot_seconds": float(told["queue"]) if "queue" in told else usual * BOOT_SHARE,
        "seconds": float(told["slow"]) if "slow" in told else usual * (1 - BOOT_SHARE),
        "deadline_ns": 0,
        "seed": wanted.input.get("seed", secrets.randbelow(2**31)),
    }


@guarded(remaining=599)
async def create(desk: Desk, request: Request) -> Response:
    """POST /predictions and /models/{owner}/{name}/predictions."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return problems.problem(400, "The request body is not valid JSON")
    prompt = words_of(request, body)
    told = desk.faults.take(prompt, ON_CREATE) | split(prompt)[1]
    for name in REFUSALS:
        if name in told:
            return problems.refusal(name, told[name])
    try:
        wanted = understand(request, body)
    except Refused as refused:
        return refused.answer
    job = _accept(desk, wanted, told, token_of(request))
    run = Run(desk, job)
    run.begin()
    return await _answer(desk, request, job, run)


async def _answer(desk: Desk, request: Request, job: Job, run: Run) -> Response:
    if job.is_told("accept-500"):
        return problems.bad_gateway()
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    fresh = edge(job, desk.clock.now_ns(), desk.environment.origin)
    if job.is_told("early"):
        await run.notices.completed_tried.wait()
    await asyncio.sleep(job.told_seconds("accept-slow"))
    seconds = wait_seconds(request)
    if seconds is None:
        return JSONResponse(fresh, 202 if job.number % EVERY_NTH_IS_202 == 0 else 201)
    applied = {"Preference-Applied": f"wait={seconds}"}
    if task := desk.under_way(job, "run"):
        await asyncio.wait({task}, timeout=seconds)
    if not job.state.is_final:
        return JSONResponse(fresh, 202, applied)
    return JSONResponse(_held_back(desk, job), 201, applied)


def _held_back(desk: Desk, job: Job) -> Prediction:
    """The answer of `Prefer: wait`: "processing" although the output is complete, files inline, no end and no logs."""
    now_ns, origin = desk.clock.now_ns(), desk.environment.origin
    shown = edge(job, now_ns, origin)
    if job.state is not State.SUCCEEDED:
        return shown
    inline: list[str] = []
    for name in job.outputs:
        content = base64.b64encode((desk.folder_of(job) / name).read_bytes()).decode()
        inline.append(f"data:{TYPES[name.rpartition('.')[2]]};base64,{content}")
    output = shown["output"]
    changes: dict[str, Any] = {"status": "processing", "logs": ""}
    changes["output"] = (inline[0] if inline else output) if isinstance(output, str) else output and inline
    left_out = ("started_at", "completed_at", "metrics")
    return {name: value for name, value in (shown | changes).items() if name not in left_out}


def _find(desk: Desk, request: Request) -> Job | None:
    return desk.store.find(PROVIDER, request.path_params["id"])


@guarded(remaining=59999)
async def get(desk: Desk, request: Request) -> Response:
    """GET /predictions/{id}: fresh for two seconds after its end, settled from then on."""
    job = _find(desk, request)
    if job is None:
        return problems.not_found()
    if refused := faulty(desk, "get", job.prompt, job.directives):
        return refused
    now_ns, origin = desk.clock.now_ns(), desk.environment.origin
    return JSONResponse((settled if is_settled(job, now_ns / 1e9) else edge)(job, now_ns, origin))


@guarded(remaining=2999)
async def cancel(desk: Desk, request: Request) -> Response:
    """POST /predictions/{id}/cancel: the settled shape; a finished prediction comes back unchanged."""
    job = _find(desk, request)
    if job is None:
        return problems.not_found()
    if refused := faulty(desk, "cancel", job.prompt, job.directives):
        return refused
    if run := desk.runs.get(job.id):
        run.stop()
    return JSONResponse(settled(job, desk.clock.now_ns(), desk.environment.origin))
