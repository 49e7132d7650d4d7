"""The error bodies of the Bot API; the HTTP status is the error's code. Wording as observed, first letters included."""

from starlette.responses import JSONResponse, Response


class Refused(Exception):
    """A call that is answered with ok: false."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after

    @property
    def response(self) -> Response:
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return JSONResponse(body, self.code)


def bad(sentence: str) -> Refused:
    """400."""
    return Refused(400, f"Bad Request: {sentence}")


def told(name: str, value: str = "") -> Refused:
    """The refusal a fault of that name asks for."""
    if name == "429":
        seconds = int(value or 1)
        return Refused(429, f"Too Many Requests: retry after {seconds}", seconds)
    known = {
        "400": "Bad Request: the sandbox was told to refuse this call",
        "401": "Unauthorized",
        "403": "Forbidden: bot was blocked by the user",
        "404": "Not Found",
        "413": "Request Entity Too Large",
    }
    return Refused(int(name), known.get(name, "Internal Server Error"))
