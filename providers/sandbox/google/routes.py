"""The paths of this face, below /google; /v1 and /v1beta are alike."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.google import contents, files, interactions, legacy, uploads
from providers.sandbox.google.access import elsewhere, guarded
from providers.sandbox.google.models import MODELS, Model
from providers.sandbox.google.problems import Refused, no_model
from providers.sandbox.google.signature import key_set

METHODS = {
    "generateContent": contents.generate,
    "streamGenerateContent": contents.generate,
    "predict": legacy.predict,
    "predictLongRunning": legacy.predict_long,
}


@guarded
async def call(desk: Desk, request: Request) -> Response:
    """POST /models/{name}:{method}."""
    name, _, method = request.path_params["call"].partition(":")
    if method not in METHODS:
        raise Refused(no_model(name, method or "this call"))
    return await METHODS[method](desk, request, name, method)


def _described(model: Model) -> dict[str, object]:
    return {"name": f"models/{model.name}", "displayName": model.name, "supportedGenerationMethods": [model.method]}


@guarded
async def models(desk: Desk, request: Request) -> Response:
    """GET /models."""
    return JSONResponse({"models": [_described(model) for model in MODELS.values()]})


@guarded
async def model(desk: Desk, request: Request) -> Response:
    """GET /models/{name}."""
    found = MODELS.get(request.path_params["name"])
    if found is None:
        raise Refused(no_model(request.path_params["name"], "get"))
    return JSONResponse(_described(found))


async def keys(request: Request) -> Response:
    """GET /.well-known/jwks.json, for everybody."""
    return JSONResponse(key_set(desk_of(request).environment.folder))


VERSIONED: list[BaseRoute] = [
    Route("/models", models, methods=["GET"]),
    Route("/models/{name}", model, methods=["GET"]),
    Route("/models/{call}", call, methods=["POST"]),
    Route("/models/{model}/operations/{id}", legacy.operation, methods=["GET"]),
    Route("/interactions", interactions.create, methods=["POST"]),
    Route("/interactions/{id}", interactions.get, methods=["GET"]),
    Route("/interactions/{id}/cancel", interactions.cancel, methods=["POST"]),
    Route("/files/{name}", files.get, methods=["GET"]),
    Route("/files/{name}", files.delete, methods=["DELETE"]),
]

ROUTES: list[BaseRoute] = [
    Route("/.well-known/jwks.json", keys, methods=["GET"]),
    Route("/content/{name}", files.content, methods=["GET"]),
    *(Route(f"/upload/{version}/files", uploads.receive, methods=["POST"]) for version in ("v1", "v1beta")),
    *(Mount(f"/{version}", routes=VERSIONED) for version in ("v1", "v1beta")),
    Route("/{rest:path}", elsewhere),
]
