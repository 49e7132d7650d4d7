"""The older family: Imagen by :predict, Veo by :predictLongRunning and its operations."""

import base64
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk
from providers.sandbox.google import inputs, making, responses
from providers.sandbox.google.access import faulty, guarded, json_body
from providers.sandbox.google.checking import check
from providers.sandbox.google.models import find
from providers.sandbox.google.orders import PROVIDER, accept
from providers.sandbox.google.prediction_bodies import LONG_RUNNING, PREDICT
from providers.sandbox.google.problems import Refused, no_model, nothing_there, refusal
from providers.sandbox.google.runs import Run
from providers.sandbox.jobs import Job, State

FILTERED = "Unable to show generated images. All images were filtered out because they violated the usage guidelines."


async def predict(desk: Desk, request: Request, name: str, method: str) -> Response:
    """POST /models/{name}:predict. A request that was filtered whole is 200 with reasons alone, or with {}."""
    model = find(name, "predict")
    if model is None:
        raise Refused(no_model(name, method))
    body = await json_body(request)
    check(PREDICT, body)
    settings = body.get("parameters", {})
    kind = settings.get("outputOptions", {}).get("mimeType", "image/png")
    asked = {
        "aspect": settings.get("aspectRatio"),
        "resolution": settings.get("sampleImageSize"),
        "count": settings.get("sampleCount", 4),
        "format": "jpg" if kind == "image/jpeg" else "png",
    }
    job = await accept(desk, model, inputs.of_instance(body["instances"][0], "image"), asked)
    desk.store.start(job, desk.clock.now_ns())
    await desk.clock.sleep_until(job.created_ns / 1e9 + job.details["seconds"])
    shown = await _predictions(desk, job, kind, is_told_why=bool(settings.get("includeRaiReason")))
    if job.is_told("accept-500"):
        return refusal("503")
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    return JSONResponse(shown)


async def _predictions(desk: Desk, job: Job, kind: str, *, is_told_why: bool) -> dict[str, Any]:
    if job.is_told("refuse") or job.is_told("fail") or job.is_told("empty"):
        desk.store.settle(job, State.FAILED, desk.clock.now_ns(), error=FILTERED)
        return {"predictions": [{"raiFilteredReason": FILTERED}]} if is_told_why and job.is_told("refuse") else {}
    names = await making.paint_at_once(desk, job)
    found = making.contents(desk, job, names)
    desk.store.settle(job, State.SUCCEEDED, desk.clock.now_ns(), outputs=names, error=None)
    desk.painter.forget(desk.folder_of(job))
    return {
        "predictions": [
            {"mimeType": kind, "bytesBase64Encoded": base64.b64encode(content).decode()} for content in found
        ]
    }


async def predict_long(desk: Desk, request: Request, name: str, method: str) -> Response:
    """POST /models/{name}:predictLongRunning."""
    model = find(name, "predictLongRunning")
    if model is None:
        raise Refused(no_model(name, method))
    body = await json_body(request)
    check(LONG_RUNNING, body)
    settings = body.get("parameters", {})
    asked = {
        "aspect": settings.get("aspectRatio"),
        "resolution": settings.get("resolution"),
        "seconds": settings.get("durationSeconds", 8),
        "count": settings.get("sampleCount", 1),
        "seed": settings.get("seed"),
    }
    webhooks = body.get("webhookConfig", {}).get("uris", [])
    given = inputs.of_instance(body["instances"][0], "video")
    job = await accept(desk, model, given, asked, webhook=webhooks[0] if webhooks else "")
    Run(desk, job).begin()
    if job.is_told("accept-500"):
        return refusal("503")
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    return JSONResponse(responses.operation(job, ()))


@guarded
async def operation(desk: Desk, request: Request) -> Response:
    """GET /models/{model}/operations/{id}."""
    job = desk.store.find(PROVIDER, request.path_params["id"])
    if job is None or job.endpoint != request.path_params["model"] or job.details["method"] != "predictLongRunning":
        return nothing_there("The operation")
    if refused := faulty(desk, "get", job.prompt, job.directives):
        return refused
    address = f"{desk.environment.origin}/google/v1beta"
    return JSONResponse(responses.operation(job, [f"{address}/{name}:download?alt=media" for name in job.outputs]))
