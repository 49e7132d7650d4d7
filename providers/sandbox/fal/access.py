"""Who may call: keys, and the keys /control told to fail. The scheme is Key; storage's own token is Bearer."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.fal.problems import not_found, refusal, unauthenticated

PLAIN_KEYS = ("sandbox",)
Endpoint = Callable[[Desk, Request], Awaitable[Response]]


def key_of(request: Request) -> str:
    """The key as it was sent, "" when none was."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme == "Key" else ""


def account_of(request: Request) -> str:
    """Whose key it is: the part that is no secret."""
    return key_of(request).partition(":")[0]


def guarded(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint behind a key."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        desk, key = desk_of(request), key_of(request)
        if not all(key.partition(":")[::2]) and key not in PLAIN_KEYS:
            return unauthenticated()
        if fault := desk.faults.of_token(key):
            return refusal(fault.name, fault.value)
        return await endpoint(desk, request)

    return answer


def faulty(desk: Desk, name: str, prompt: str = "", told: dict[str, str] | None = None) -> Response | None:
    """The refusal that a directive of the job or a fault of that name has in store for this call."""
    status = (told or {}).get(name) or desk.faults.take(prompt, frozenset({name})).get(name)
    return refusal(status) if status else None


async def elsewhere(request: Request) -> Response:
    """Any path this face does not know."""
    del request
    return not_found("Not Found")
