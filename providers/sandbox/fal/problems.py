"""Every refusal of this face, in fal's words. Which one when: the callers know. Of inputs: `complaints`."""

from typing import Any

from starlette.responses import JSONResponse, Response

EXHAUSTED = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
LOCKED = {
    "admin": "User is locked. Reason: Admin lock. Please contact support@fal.ai",
    "top-up": "User is locked. Reason: TOP_UP.",
}
POLICY = "The content could not be processed because it contained material flagged by a content checker."
# The HTTP status of an end, by the type of its problem: https://fal.ai/docs/errors.
STATUSES = {
    "internal_server_error": 500,
    "downstream_service_unavailable": 500,
    "generation_timeout": 504,
    "downstream_service_error": 400,
}
UNPROCESSABLE = (
    "content_policy_violation",
    "no_media_generated",
    "image_too_small",
    "image_too_large",
    "image_load_error",
    "file_download_error",
    "face_detection_error",
    "file_too_large",
    "feature_not_supported",
)
REQUEST_LEVEL = {
    "request_timeout": (504, "Request timed out"),
    "startup_timeout": (504, "The runner did not start in time"),
    "client_cancelled": (499, "Request was cancelled"),
    "runner_disconnected": (503, "The runner disconnected"),
    "runner_server_error": (500, "The runner failed"),
}


def problem(kind: str, message: str, place: str = "prompt", **ctx: Any) -> dict[str, Any]:
    """One entry of a list of details."""
    url = f"https://docs.fal.ai/errors/#{kind}"
    return {"loc": ["body", place], "msg": message, "type": kind, "url": url, "ctx": ctx, "input": {}}


def end(kind: str, message: str = "") -> tuple[int, dict[str, Any]]:
    """Status and body with which a job of that kind of error ends; a text that is no kind is the model's own."""
    if kind in REQUEST_LEVEL:
        status, words = REQUEST_LEVEL[kind]
        return status, {"detail": message or words, "error_type": kind}
    known = kind in STATUSES or kind in UNPROCESSABLE
    status = STATUSES.get(kind, 422 if known else 500)
    words = message or (POLICY if kind == "content_policy_violation" else kind)
    return status, {"detail": [problem(kind if known else "internal_server_error", words)]}


def plain(status: int, detail: Any, **headers: str) -> Response:
    return JSONResponse({"detail": detail}, status, {name.replace("_", "-"): value for name, value in headers.items()})


def unauthenticated() -> Response:
    return plain(401, "Cannot access application. Authentication is required to access this application.")


def not_found(detail: str) -> Response:
    return plain(404, detail)


def locked(kind: str = "") -> Response:
    """403, which is also how an empty balance is told."""
    return plain(403, LOCKED.get(kind, EXHAUSTED))


def refusal(name: str, value: str = "") -> Response:
    """The answer a directive or fault of that name asks for: a status of its own body, or any other."""
    if name == "401":
        return unauthenticated()
    if name in ("402", "403"):
        return locked(value)
    if name == "404":
        return not_found("Not Found")
    if name == "422":
        return plain(422, [problem(value or "missing", "The sandbox was told to refuse this input")])
    if name == "429":
        return plain(429, "Too many requests", **({"Retry_After": value} if value.isdecimal() else {}))
    return plain(int(name), "The sandbox was told to fail this call")


def platform(status: int, message: str) -> Response:
    """The platform API has another form."""
    return JSONResponse({"error": {"type": "validation_error", "message": message}}, status)


def bad_gateway() -> Response:
    """What an edge says when the service behind it is gone: not JSON."""
    return Response("<html>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n", 502, media_type="text/html")
