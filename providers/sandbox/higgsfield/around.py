"""What surrounds jobs: the models, estimates, and the lists and references of the old API."""

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox import schemas
from providers.sandbox.desk import Desk
from providers.sandbox.higgsfield import problems
from providers.sandbox.higgsfield.access import PROVIDER, guarded
from providers.sandbox.higgsfield.wishes import OLD

# A documented example: 1.500 credits are 0.094 USD.
USD_PER_CREDIT = Decimal("0.0625")
CREDITS = {"image": Decimal("1.5"), "video": Decimal(9)}
MILL = Decimal("0.001")
MOTIONS = ("Static", "Dolly In", "Dolly Out", "Crane Up", "Pan Left", "Pan Right", "Zoom In", "360 Orbit")
STYLES = ("General", "Realistic", "Editorial", "Film Grain", "Watercolour", "Night Neon")


@guarded
async def models(desk: Desk, request: Request) -> Response:
    """GET /models. The shape is unverified."""
    del desk, request
    found = [one for name, one in schemas.every(PROVIDER).items() if not name.startswith(OLD)]
    items = [{"id": one.endpoint, "type": one.output["kind"], "input_schema": one.input} for one in found]
    return JSONResponse({"models": items})


@guarded
async def estimate(desk: Desk, request: Request) -> Response:
    """POST /estimate/{model}, with the body of a submit. The prices are the sandbox's own."""
    del desk
    schema = schemas.of(PROVIDER, request.path_params["endpoint"])
    if schema is None:
        return problems.not_found(is_model=True)
    try:
        body = json.loads(await request.body())
    except ValueError:
        return problems.problem(422, [{"type": "json_invalid", "loc": ["body", 0], "msg": "JSON decode error"}])
    if wrong := schema.problems(body):
        return problems.invalid(wrong)
    credits = CREDITS[schema.output["kind"]] * schema.count(body)
    usd = (credits * USD_PER_CREDIT).quantize(MILL, ROUND_HALF_UP)
    return JSONResponse({"credits": str(credits.quantize(MILL)), "usd": str(usd)})


def _presets(kind: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"id": str(uuid5(NAMESPACE_URL, f"{kind}/{name}")), "name": name, "description": name} for name in names]


@guarded
async def motions(desk: Desk, request: Request) -> Response:
    """GET /v1/motions."""
    del desk, request
    return JSONResponse(_presets("motion", MOTIONS))


@guarded
async def styles(desk: Desk, request: Request) -> Response:
    """GET /v1/text2image/soul-styles."""
    del desk, request
    return JSONResponse(_presets("style", STYLES))


@guarded
async def make_reference(desk: Desk, request: Request) -> Response:
    """POST /v1/custom-references: not trained, ready when it is asked for."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        missing = {"type": "missing", "loc": ["body", "name"], "msg": "Field required"}
        return problems.problem(422, [missing])
    made = {"id": str(uuid4()), "name": body["name"], "status": "completed"}
    desk.shelf.setdefault("higgsfield references", []).append(made)
    return JSONResponse(made | {"status": "queued"})


@guarded
async def references(desk: Desk, request: Request) -> Response:
    """GET /v1/custom-references/list?page=&page_size=."""
    made = desk.shelf.get("higgsfield references", [])
    page, size = (_whole(request.query_params.get(name), usual) for name, usual in (("page", 1), ("page_size", 20)))
    shown = made[(page - 1) * size : page * size]
    pages = -(-len(made) // size)
    return JSONResponse({"total": len(made), "page": page, "page_size": size, "total_pages": pages, "items": shown})


@guarded
async def reference(desk: Desk, request: Request) -> Response:
    """GET /v1/custom-references/{id}."""
    wanted = str(request.path_params["id"])
    found = [one for one in desk.shelf.get("higgsfield references", []) if one["id"] == wanted]
    return JSONResponse(found[0]) if found else problems.not_found()


def _whole(text: str | None, usual: int) -> int:
    return max(1, int(text)) if text and text.isdecimal() else usual
