"""The error bodies, each as it was seen or documented (replicate.md section 5). Which one when: the callers know."""

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

NSFW = "NSFW content detected. Try running it again, or try a different prompt."
FLAGGED = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
UNKNOWN = "Prediction failed for an unknown reason. (E1000)"


def bad_file(why: str) -> str:
    """The error of a prediction whose files could not be had or opened; the words are a model's own and vary."""
    return f"Prediction input failed validation: {why}"


class Problem(JSONResponse):
    media_type = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> Response:
    """`{"title"?, "detail", "status", …}` with the status."""
    return Problem({**more, "detail": detail, "status": status}, status)


def unauthenticated(*, is_missing: bool) -> Response:
    """401, with its own sentence for no token at all."""
    which = "an authentication token" if is_missing else "a valid authentication token"
    return problem(401, f"You did not pass {which}", title="Unauthenticated")


def out_of_credit() -> Response:
    """402. Unverified body; clients should read the status."""
    detail = "You have insufficient credit to run this model. Purchase credit and try again in a few minutes."
    return problem(402, detail, title="Insufficient credit")


def unknown_version() -> Response:
    """422, also what an account without a payment method gets."""
    detail = "The specified version does not exist (or perhaps you don't have permission to use it?)"
    return problem(422, detail, title="Invalid version or not permitted")


def invalid_input(complaints: list[str]) -> Response:
    """422 before anything is accepted."""
    fields = [line.removeprefix("- ").split(":")[0] for line in complaints]
    return problem(422, "\n".join(complaints), title="Input validation failed", invalid_fields=fields)


def not_found(what: str = "The requested resource could not be found.") -> Response:
    """404."""
    return problem(404, what)


def throttled(kind: str) -> Response:
    """429 in its three bodies: "" or a number of seconds, "older", "credit" (an account with little credit);
    "header" adds the Retry-After that no recording shows but every client reads.
    """
    seconds = int(kind) if kind.isdecimal() else 1
    if kind == "older":
        return Problem({"detail": "Request was throttled. Expected available in 1 second."}, 429)
    if kind == "credit":
        detail = (
            "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with "
            "a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~5s."
        )
        return Problem({"detail": detail, "status": 429, "retry_after": 5}, 429)
    answer = Problem({"detail": f"Request was throttled. Your rate limit resets in ~{seconds}s."}, 429)
    if kind == "header":
        answer.headers["Retry-After"] = "1"
    return answer


def refusal(name: str, value: str = "") -> Response:
    """The answer a directive or fault of that name asks for: a status of its own body, or any other."""
    if name == "422" and value == "version":
        return unknown_version()
    known: dict[str, Callable[[], Response]] = {
        "401": lambda: unauthenticated(is_missing=value == "missing"),
        "402": out_of_credit,
        "404": not_found,
        "422": lambda: invalid_input(["- input.prompt: The sandbox was told to refuse this input"]),
        "429": lambda: throttled(value),
        "500": lambda: problem(500, "Internal server error"),
    }
    return known.get(name, lambda: problem(int(name), "The sandbox was told to fail this call"))()


def bad_gateway() -> Response:
    """What an edge says when the service behind it is gone: not JSON."""
    page = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n"
    return Response(page, 502, media_type="text/html")
