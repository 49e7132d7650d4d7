"""The Interactions API: create, get, cancel and delete; files inline or by address."""

import asyncio
import base64
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox import inputs as reach
from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk
from providers.sandbox.google import inputs, making, responses
from providers.sandbox.google.access import faulty, guarded, json_body
from providers.sandbox.google.checking import check
from providers.sandbox.google.interaction_bodies import INTERACTION
from providers.sandbox.google.models import find
from providers.sandbox.google.orders import PROVIDER, accept
from providers.sandbox.google.problems import Refused, invalid, no_model, nothing_there, problem, refusal
from providers.sandbox.google.runs import Run
from providers.sandbox.jobs import Job, State


def shown(desk: Desk, job: Job) -> responses.Shown:
    """The interaction as it is now."""
    content: list[dict[str, Any]] = []
    for name in job.outputs:
        piece = {"type": "video", "mime_type": "video/mp4"}
        if name.startswith("files/"):
            piece["uri"] = f"{desk.environment.origin}/google/v1beta/{name}:download?alt=media"
        else:
            [data] = making.contents(desk, job, (name,))
            piece["data"] = base64.b64encode(data).decode()
        content.append(piece)
    if job.state is State.SUCCEEDED and job.is_told("text-only"):
        content = [{"type": "text", "text": "I can describe that film for you, but I will not make it."}]
    return responses.interaction(job, content=content, now=desk.clock.now())


@guarded
async def create(desk: Desk, request: Request) -> Response:
    """POST /interactions: in the background an id at once, else the whole when it is done."""
    body = await json_body(request)
    check(INTERACTION, body)
    model = find(body["model"], "interactions")
    if model is None:
        raise Refused(no_model(body["model"], "interactions"))
    webhooks = body.get("webhook_config", {}).get("uris", [])
    is_background = bool(body.get("background"))
    if webhooks and not is_background:
        raise invalid("webhook_config requires background to be true.")
    for address in webhooks:
        if not address.startswith("https://") and not reach.is_here(address):
            raise invalid("webhook_config.uris must be HTTPS addresses.")
    job = await accept(
        desk, model, inputs.of_interaction(body), _asked(body), prefix="v1_", webhook=webhooks[0] if webhooks else ""
    )
    fresh = responses.interaction(job, now=desk.clock.now())
    run = Run(desk, job).begin()
    if job.is_told("accept-500"):
        return refusal("503")
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    await asyncio.sleep(job.told_seconds("accept-slow"))
    if is_background:
        return JSONResponse(fresh)
    await run
    done = await asyncio.to_thread(shown, desk, job)
    # Recorded: what was not stored has no id.
    return JSONResponse(done if body.get("store", True) else {name: done[name] for name in done if name != "id"})


def _asked(body: dict[str, Any]) -> dict[str, Any]:
    formats = body.get("response_format", {})
    shape = formats[0] if isinstance(formats, list) else formats
    return {
        "aspect": shape.get("aspect_ratio"),
        "resolution": shape.get("resolution"),
        "seconds": float(shape.get("duration", "5s").removesuffix("s")),
        "delivery": shape.get("delivery", "inline"),
        "seed": body.get("generation_config", {}).get("seed"),
    }


def find_job(desk: Desk, request: Request) -> Job:
    """Raises Refused."""
    job = desk.store.find(PROVIDER, request.path_params["id"])
    if job is None or job.details["method"] != "interactions" or job.is_told("gone"):
        raise Refused(nothing_there(f"Interaction {request.path_params['id'][:80]}"))
    return job


@guarded
async def get(desk: Desk, request: Request) -> Response:
    """GET /interactions/{id}."""
    job = find_job(desk, request)
    if refused := faulty(desk, "get", job.prompt, job.directives):
        return refused
    return JSONResponse(await asyncio.to_thread(shown, desk, job))


@guarded
async def cancel(desk: Desk, request: Request) -> Response:
    """POST /interactions/{id}/cancel: only what still runs can be cancelled."""
    job = find_job(desk, request)
    if refused := faulty(desk, "cancel", job.prompt, job.directives):
        return refused
    if job.state.is_final and job.state is not State.CANCELED:
        raise Refused(problem(400, "The interaction has ended.", word="FAILED_PRECONDITION"))
    if run := desk.runs.get(job.id):
        run.stop()
    return JSONResponse(await asyncio.to_thread(shown, desk, job))
