"""The error bodies, as they are documented or as FastAPI writes them. Which when: the callers know."""

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from providers.sandbox.schemas import Problem

# By the JSON Schema keyword that failed: what FastAPI calls it, and its sentence.
WORDS: dict[str, tuple[str, str]] = {
    "required": ("missing", "Field required"),
    "additionalProperties": ("extra_forbidden", "Extra inputs are not permitted"),
    "enum": ("literal_error", "Input should be {expected}"),
    "minimum": ("greater_than_equal", "Input should be greater than or equal to {expected}"),
    "maximum": ("less_than_equal", "Input should be less than or equal to {expected}"),
    "maxLength": ("string_too_long", "String should have at most {expected} characters"),
    "minItems": ("too_short", "List should have at least {expected} items after validation"),
    "maxItems": ("too_long", "List should have at most {expected} items after validation"),
    "type": ("{expected}_type", "Input should be a valid {expected}"),
}
TOO_MANY = "Maximum number of concurrent requests (4) has been reached"
QUEUE_LIMIT = 40


def problem(status: int, detail: Any, headers: dict[str, str] | None = None) -> Response:
    """`{"detail": …}` with the status."""
    return JSONResponse({"detail": detail}, status, headers)


def unauthenticated() -> Response:
    """401."""
    return problem(401, "Invalid credentials")


def out_of_credit() -> Response:
    """403: the clients read it so."""
    return problem(403, "Not enough credits")


def not_found(*, is_model: bool = False) -> Response:
    """404, in the two casings that were seen."""
    return problem(404, "Not Found" if is_model else "Not found")


def invalid(problems: list[Problem], where: tuple[str, ...] = ("body",)) -> Response:
    """422 with a list, before anything is accepted."""
    return problem(422, [_told(one, where) for one in problems])


def reused_key() -> Response:
    """422 with a sentence. Unverified wording; clients should read the status."""
    return problem(422, "Idempotency-Key was already used with different request parameters")


def throttled(kind: str) -> Response:
    """Full: "" or a number of seconds for the 429 of today, "older" for the 400 it used to be."""
    if kind == "older":
        return problem(400, TOO_MANY)
    body = {"code": "account_queue_full", "limit": QUEUE_LIMIT, "detail": "The account's queue is full"}
    return JSONResponse(body, 429, {"Retry-After": kind if kind.isdecimal() else "1"})


def refusal(name: str, value: str = "") -> Response:
    """The answer a directive or fault of that name asks for: a status of its own body, or any other."""
    if name == "422" and value == "key":
        return reused_key()
    told = {"loc": ["body", "prompt"], "msg": "The sandbox was told to refuse this input", "type": "value_error"}
    known: dict[str, Callable[[], Response]] = {
        "401": unauthenticated,
        "402": out_of_credit,
        "403": out_of_credit,
        "404": not_found,
        "422": lambda: problem(422, [told]),
        "429": lambda: throttled(value),
        "500": lambda: problem(500, "Internal Server Error"),
    }
    return known.get(name, lambda: problem(int(name), "The sandbox was told to fail this call"))()


def bad_gateway() -> Response:
    """What an edge says when the service behind it is gone: not JSON."""
    page = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n"
    return Response(page, 502, media_type="text/html")


def _told(one: Problem, where: tuple[str, ...]) -> dict[str, Any]:
    kind, sentence = WORDS.get(one.type, ("value_error", one.message))
    if isinstance(one.expected, list):
        expected = ", ".join(f"{choice!r}" for choice in one.expected)
    else:
        expected = str(one.expected)
    msg = sentence.replace("{expected}", expected)
    return {"type": kind.replace("{expected}", expected), "loc": [*where, *one.loc], "msg": msg, "input": one.given}
