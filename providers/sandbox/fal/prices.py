"""The platform API's price list: the recorded form, with a price of the sandbox's own that is the same for all."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox import schemas
from providers.sandbox.desk import Desk
from providers.sandbox.fal import PROVIDER, problems
from providers.sandbox.fal.access import guarded

MOST = 50
PRICE = {"unit_price": 0.025, "unit": "megapixels", "currency": "USD"}


@guarded
async def prices(desk: Desk, request: Request) -> Response:
    """GET api.fal.ai/v1/models/pricing?endpoint_id=…"""
    del desk
    asked = [name for value in request.query_params.getlist("endpoint_id") for name in value.split(",") if name]
    if not 1 <= len(asked) <= MOST:
        return problems.platform(400, "Invalid request parameters")
    found = [{"endpoint_id": name} | PRICE for name in asked if schemas.of(PROVIDER, name)]
    if not found:
        return problems.platform(404, "No pricing found for the requested endpoints")
    return JSONResponse({"prices": found, "next_cursor": None, "has_more": False})
