"""The error bodies: {"error": {code, message, status, details}}. Which one when: the callers know."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
TYPES = "type.googleapis.com/google.rpc."
Details = Iterable[Mapping[str, Any]]


class Refused(Exception):
    """The call is refused with this answer; nothing was accepted."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def problem(status: int, message: str, details: Details = (), *, word: str = "") -> Response:
    error: dict[str, Any] = {"code": status, "message": message, "status": word or WORDS.get(status, "UNKNOWN")}
    if listed := list(details):
        error["details"] = listed
    return JSONResponse({"error": error}, status, media_type="application/json; charset=UTF-8")


def invalid(message: str) -> Refused:
    """400, to be raised."""
    return Refused(problem(400, message))


def bad_key() -> Response:
    info = {"@type": f"{TYPES}ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    return problem(400, "API key not valid. Please pass a valid API key.", [info])


def no_key() -> Response:
    return problem(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
        "form of API consumer identity to call this API.",
    )


def no_billing() -> Response:
    return problem(400, "Billing has to be enabled for this project.", word="FAILED_PRECONDITION")


def no_model(name: str, method: str) -> Response:
    """Recorded: an unknown and a retired model are told apart by nothing."""
    message = f"models/{name} is not found for this API version, or is not supported for {method}."
    detail = f"[ORIGINAL ERROR] generic::not_found: {message} [google.rpc.error_details_ext]"
    return problem(404, message, [{"@type": f"{TYPES}DebugInfo", "detail": detail}])


def nothing_there(what: str) -> Response:
    return problem(404, f"{what} is not found.")


def throttled(kind: str) -> Response:
    """429: "" or a number of seconds, "day" for a day's allowance, "bare" without details."""
    message = "You exceeded your current quota, please check your plan."
    if kind == "bare":
        return problem(429, message)
    period = "Day" if kind == "day" else "Minute"
    quota = f"GenerateRequestsPer{period}PerProjectPerModel-FreeTier"
    seconds = kind if kind.replace(".", "", 1).isdecimal() else "34.4"
    return problem(
        429,
        message,
        [
            {"@type": f"{TYPES}QuotaFailure", "violations": [{"quotaId": quota}]},
            {"@type": f"{TYPES}RetryInfo", "retryDelay": f"{seconds}s"},
        ],
    )


def refusal(name: str, value: str = "") -> Response:
    """The answer that a directive or fault of that name asks for."""
    known: dict[str, Callable[[], Response]] = {
        "401": bad_key,
        "402": no_billing,
        "403": lambda: problem(403, "The caller does not have permission"),
        "404": lambda: nothing_there("The resource"),
        "422": lambda: problem(400, "Request contains an invalid argument."),
        "429": lambda: throttled(value),
        "500": lambda: problem(500, "An internal error has occurred."),
        "503": lambda: problem(503, "The model is overloaded. Please try again later."),
    }
    return known.get(name, lambda: problem(int(name), "The sandbox was told to fail this call"))()
