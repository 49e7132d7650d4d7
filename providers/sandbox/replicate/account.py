"""What surrounds predictions: the account, the models and their versions, the webhook signing secret."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk
from providers.sandbox.replicate.access import faulty, guarded
from providers.sandbox.replicate.models import named, versions_of
from providers.sandbox.replicate.openapi import schema_of
from providers.sandbox.replicate.problems import not_found
from providers.sandbox.schemas import Schema

CREATED_AT = "2025-01-15T11:40:02.127663Z"


def _version(model: Schema, version: str) -> dict[str, Any]:
    schema = schema_of(model)
    return {"id": version, "created_at": CREATED_AT, "cog_version": "0.13.6", "openapi_schema": schema}


def _model(request: Request) -> Schema | None:
    return named("{owner}/{name}".format(**request.path_params))


@guarded(remaining=2999)
async def account(desk: Desk, request: Request) -> Response:
    """GET /account."""
    return JSONResponse({"type": "user", "username": "sandbox", "name": "Sandbox", "github_url": None})


@guarded(remaining=2999)
async def secret(desk: Desk, request: Request) -> Response:
    """GET /webhooks/default/secret."""
    return faulty(desk, "secret") or JSONResponse({"key": desk.secret})


@guarded(remaining=2999)
async def model(desk: Desk, request: Request) -> Response:
    """GET /models/{owner}/{name}."""
    found = _model(request)
    if found is None:
        return not_found()
    owner, _, name = found.endpoint.partition("/")
    shown = {
        "url": f"https://replicate.com/{found.endpoint}",
        "owner": owner,
        "name": name,
        "description": found.description,
        "visibility": "public",
        "github_url": None,
        "paper_url": None,
        "license_url": None,
        "run_count": sum(job.endpoint == found.endpoint for job in desk.store),
        "cover_image_url": None,
        "default_example": None,
        "latest_version": _version(found, versions_of(found)[0]),
    }
    return JSONResponse(shown)


@guarded(remaining=2999)
async def versions(desk: Desk, request: Request) -> Response:
    """GET /models/{owner}/{name}/versions."""
    found = _model(request)
    if found is None:
        return not_found()
    results = [_version(found, version) for version in versions_of(found)]
    return JSONResponse({"next": None, "previous": None, "results": results})


@guarded(remaining=2999)
async def version(desk: Desk, request: Request) -> Response:
    """GET /models/{owner}/{name}/versions/{id}, with the schema of its inputs."""
    found = _model(request)
    wanted = request.path_params["id"]
    if found is None or wanted not in versions_of(found):
        return not_found()
    return JSONResponse(_version(found, wanted))
