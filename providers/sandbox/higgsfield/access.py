"""Who may call, in both ways of saying so; and under which host name the caller knows this server."""

import re
from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.higgsfield.problems import not_found, refusal, unauthenticated

PROVIDER = "higgsfield"
PLAIN_TOKENS = ("sandbox",)
PAIR = re.compile(r"[!-9;-~]+:[!-~]+")
Endpoint = Callable[[Desk, Request], Awaitable[Response]]


def _token(request: Request) -> str:
    """ID:SECRET from `Authorization: Key …`, or from the two headers of the old API."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme == "Key":
        return key.strip()
    halves = (request.headers.get(name, "").strip() for name in ("hf-api-key", "hf-secret"))
    return ":".join(halves).rstrip(":")


def guarded(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint behind a key."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        desk, token = desk_of(request), _token(request)
        if token not in PLAIN_TOKENS and not PAIR.fullmatch(token):
            return unauthenticated()
        fault = desk.faults.of_token(token)
        return refusal(fault.name, fault.value) if fault else await endpoint(desk, request)

    return answer


def faulty(desk: Desk, name: str, prompt: str, told: dict[str, str]) -> Response | None:
    """The refusal that a directive of the job or a fault of that name has in store for this call."""
    status = told.get(name) or desk.faults.take(prompt, frozenset({name})).get(name)
    return refusal(status) if status else None


def base_of(desk: Desk, request: Request) -> str:
    """What addresses in the answer begin with: the name this server was called by, as the two hosts are told apart."""
    named = request.headers.get("host", "")
    is_ours = named == f"localhost:{desk.environment.port}"
    return f"{f'http://{named}' if is_ours else desk.environment.origin}/{PROVIDER}"


async def elsewhere(request: Request) -> Response:
    """Any path this face does not know."""
    del request
    return not_found()
