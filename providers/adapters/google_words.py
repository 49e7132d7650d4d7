"""What Gemini's text answers say, whole ones and the frames of a stream alike. No network."""

from collections.abc import Mapping
from typing import Any

from providers.adapters import google_parts as parts
from providers.adapters.google_images import REFUSED, visible_parts
from providers.adapters.google_refusals import refusal
from providers.adapters.google_talk import Piece, Usage
from providers.bodies import storable
from providers.contract import ErrorCode
from providers.errors import ContentRefused, Rejected, Transient
from providers.http import Answer

SERVER_ERROR = 500
GOOD_ENDS = {"STOP", "MAX_TOKENS"}


def piece_of(frame: Mapping[str, Any]) -> Piece:
    """Raises ContentRefused and Rejected where there are no words."""
    feedback = frame.get("promptFeedback")
    if isinstance(feedback, dict) and feedback.get("blockReason"):
        raise ContentRefused(f"the prompt was blocked: {storable(feedback['blockReason'])}")
    candidate = next(parts.objects(frame.get("candidates")), {})
    end = str(candidate.get("finishReason") or "")
    if end in REFUSED:
        raise ContentRefused(f"the answer was blocked: {end}")
    if end and end not in GOOD_ENDS:
        raise Rejected(f"the answer ended with {storable(end)}", code=ErrorCode.PROVIDER_FAILED)
    text = "".join(part["text"] for part in visible_parts(candidate) if isinstance(part.get("text"), str))
    return Piece(text=text, usage=_usage(frame.get("usageMetadata")), end=end)


def _usage(told: object) -> Usage:
    names = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    counts = [told.get(name) if isinstance(told, dict) else None for name in names]
    prompt, answer, thoughts = (count if isinstance(count, int) else 0 for count in counts)
    return Usage(prompt=prompt, answer=answer, thoughts=thoughts)


def raise_error_in(frame: Mapping[str, Any]) -> None:
    """An error that comes after the stream has begun stands in a frame of its own."""
    error = frame.get("error")
    if not isinstance(error, dict):
        return
    code = error.get("code")
    status = code if isinstance(code, int) else SERVER_ERROR
    if status >= SERVER_ERROR:
        raise Transient(f"the stream ended with {status}", http_status=status)
    raise refusal(Answer(status=status, headers={}, object=frame))
