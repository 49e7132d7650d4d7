"""Who may call: tokens, the tokens /control told to fail, and the ratelimit headers every good answer carries."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.faults import Fault
from providers.sandbox.replicate.problems import problem, refusal, unauthenticated

PLAIN_TOKENS = ("sandbox",)

GOOD = range(200, 300)
Endpoint = Callable[[Desk, Request], Awaitable[Response]]


def token_of(request: Request) -> str:
    """The token a call carries; "" for none."""
    return request.headers.get("authorization", "").partition(" ")[2].strip()


def _refused(desk: Desk, request: Request) -> Response | None:
    scheme, token = request.headers.get("authorization", "").partition(" ")[0], token_of(request)
    if not token:
        return unauthenticated(is_missing=True)
    if scheme not in ("Bearer", "Token") or not (token.startswith("r8_") or token in PLAIN_TOKENS):
        return unauthenticated(is_missing=False)
    fault: Fault | None = desk.faults.of_token(token)
    return refusal(fault.name, fault.value) if fault else None


def guarded(remaining: int) -> Callable[[Endpoint], Callable[[Request], Awaitable[Response]]]:
    """An endpoint behind a token; good answers say how many calls remain of this kind. The limits are not enforced."""

    def wrap(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        @wraps(endpoint)
        async def answer(request: Request) -> Response:
            desk = desk_of(request)
            if refused := _refused(desk, request):
                await hear_out(request)
                return refused
            response = await endpoint(desk, request)
            if response.status_code in GOOD:
                response.headers["ratelimit-remaining"] = str(remaining)
                response.headers["ratelimit-reset"] = "1"
            return response

        return answer

    return wrap


async def hear_out(request: Request) -> None:
    """Reads what the caller still sends: the server ends a connection whose request was answered half-read."""
    async for _piece in request.stream():
        pass


def faulty(desk: Desk, name: str, prompt: str = "", told: dict[str, str] | None = None) -> Response | None:
    """The refusal that a directive of the job or a fault of that name has in store for this call."""
    status = (told or {}).get(name) or desk.faults.take(prompt, frozenset({name})).get(name)
    return refusal(status) if status else None


async def elsewhere(request: Request) -> Response:
    """Any path this face does not know."""
    return problem(404, "The requested resource could not be found.")
