"""Gemini's text, whole or as a stream. Not part of the adapter: no job, no files to keep, asked for while one waits.

API: :generateContent and :streamGenerateContent?alt=sse. A call may be repeated; each is paid for.
"""

from collections.abc import Iterator

from providers.adapters.google import DEFAULT_VERSION, MODEL, NAME
from providers.adapters.google_refusals import refusal
from providers.adapters.google_talk import Piece, TextRequest, body_of
from providers.adapters.google_words import piece_of, raise_error_in
from providers.contract import Line
from providers.errors import Rejected, Transient
from providers.streams import StreamingClient


def generate_text(line: Line, request: TextRequest) -> Piece:
    """The whole answer. Raises ContentRefused, Rejected, Misconfigured or Transient."""
    answer = _client(line).read("POST", _path(line, request, "generateContent"), payload=body_of(request))
    if not answer.is_success:
        raise refusal(answer)
    piece = piece_of(answer.object)
    if not piece.end:
        raise Transient("the answer has no end")
    return piece


def stream_text(line: Line, request: TextRequest) -> Iterator[Piece]:
    """The answer as it is made. Raises as generate_text does; Transient, too, when the stream is cut before its end."""
    frames = _client(line).events(
        _path(line, request, "streamGenerateContent"),
        body_of(request),
        params={"alt": "sse"},
        patience_seconds=request.patience_seconds,
        refusal=refusal,
    )
    has_ended = False
    for frame in frames:
        raise_error_in(frame)
        piece = piece_of(frame)
        has_ended = has_ended or bool(piece.end)
        yield piece
    if not has_ended:
        raise Transient("the stream was cut before its end")


def _client(line: Line) -> StreamingClient:
    return StreamingClient(NAME, line, headers={"x-goog-api-key": line.token})


def _path(line: Line, request: TextRequest, method: str) -> str:
    if not MODEL.fullmatch(request.model):
        raise Rejected(f"{request.model!r} is not the name of a model")
    return f"/{line.options.get('api_version') or DEFAULT_VERSION}/models/{request.model}:{method}"
