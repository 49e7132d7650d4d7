"""A talk in our words, and as the body Google is sent. No network."""

from dataclasses import dataclass, field
from typing import Any

from providers.adapters import google_parts as parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One side's words. files: references as Google.upload gives them."""

    is_model: bool = False
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRequest:
    """turns: the whole talk, oldest first; Google remembers nothing of it."""

    model: str
    turns: tuple[Turn, ...]
    system: str = ""
    temperature: float | None = None
    most_tokens: int | None = None
    patience_seconds: float = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Tokens so far: each piece of a stream tells the sum, not its own share."""

    prompt: int = 0
    answer: int = 0
    thoughts: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Words that are new. end: "STOP" or "MAX_TOKENS" with the last piece, "" before."""

    text: str
    usage: Usage = field(default_factory=Usage)
    end: str = ""


def body_of(request: TextRequest) -> dict[str, Any]:
    body: dict[str, Any] = {"contents": [_content(turn) for turn in request.turns]}
    if request.system:
        body["systemInstruction"] = {"parts": [{"text": request.system}]}
    settings = {"temperature": request.temperature, "maxOutputTokens": request.most_tokens}
    if given := {name: value for name, value in settings.items() if value is not None}:
        body["generationConfig"] = given
    return body


def _content(turn: Turn) -> dict[str, Any]:
    given = [parts.content_part(one) for one in turn.files]
    if turn.text:
        given.append({"text": turn.text})
    return {"role": "model" if turn.is_model else "user", "parts": given}
