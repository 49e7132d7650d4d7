"""Who may call: the key in its header (or, as the API also takes it, in the address), and keys told to fail."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.google.problems import Refused, bad_key, invalid, no_key, nothing_there, refusal

PLAIN_KEYS = ("sandbox",)
Endpoint = Callable[[Desk, Request], Awaitable[Response]]


def _refused(desk: Desk, request: Request) -> Response | None:
    key = request.headers.get("x-goog-api-key") or request.query_params.get("key", "")
    if not key:
        return no_key()
    if not (key.startswith("AIza") or key in PLAIN_KEYS):
        return bad_key()
    fault = desk.faults.of_token(key)
    return refusal(fault.name, fault.value) if fault else None


def guarded(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint behind a key. What it raises as Refused is its answer."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        desk = desk_of(request)
        if refusing := _refused(desk, request):
            return as_asked(request, refusing)
        try:
            return await endpoint(desk, request)
        except Refused as refused:
            return as_asked(request, refused.answer)

    return answer


def as_asked(request: Request, answer: Response) -> Response:
    """Recorded: on the address of a stream, a refusal calls itself one too."""
    if "streamGenerateContent" in request.url.path:
        answer.headers["Content-Type"] = "text/event-stream"
    return answer


async def json_body(request: Request) -> dict[str, Any]:
    """The body as an object. Raises Refused."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise invalid("Invalid JSON payload received. Parser terminated before end of string") from None
    if not isinstance(body, dict):
        raise invalid("Invalid value at root: an object was expected")
    return body


def faulty(desk: Desk, name: str, prompt: str, told: dict[str, str]) -> Response | None:
    """The refusal that a directive of the job or a fault of that name has in store for this call."""
    status = told.get(name) or desk.faults.take(prompt, frozenset({name})).get(name)
    return refusal(status) if status else None


async def elsewhere(request: Request) -> Response:
    """Any path this face does not know."""
    return nothing_there(f"Requested entity {request.url.path}")
