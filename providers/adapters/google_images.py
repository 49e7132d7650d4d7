"""Gemini's images through :generateContent: what is asked, and what its answers, all of them 200, mean. No network.

API: https://ai.google.dev/api/generate-content. One call is one piece of work: there is no job to ask after, and a
block is not an error but an answer without a picture.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from providers.adapters import google_parts as parts
from providers.bodies import storable
from providers.contract import ErrorCode, JobRequest, JobState, JobUpdate

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,120}")
MAX_OUTPUTS = 16
# Finish reasons that speak of what was asked for. One we have never seen is a failure of the provider's.
REFUSED = {
    "SAFETY",
    "RECITATION",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "MODEL_ARMOR",
}
# The model answered, only without a picture.
EMPTY = {"STOP", "NO_IMAGE", "IMAGE_OTHER", "MAX_TOKENS"}


def request(job: JobRequest) -> dict[str, Any]:
    """The body. Flat inputs: prompt, image (references), aspect_ratio, image_size, seed, temperature."""
    given = [parts.content_part(one) for one in parts.references(job.inputs, "image")]
    if prompt := str(job.inputs.get("prompt") or ""):
        given.append({"text": prompt})
    shape = {"aspectRatio": job.inputs.get("aspect_ratio"), "imageSize": job.inputs.get("image_size")}
    image = {name: value for name, value in shape.items() if value is not None}
    settings: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"]}
    if image:
        settings["imageConfig"] = image
    settings |= {name: job.inputs[name] for name in ("seed", "temperature") if job.inputs.get(name) is not None}
    return {"contents": [{"role": "user", "parts": given}], "generationConfig": settings}


def read(answer: Mapping[str, Any], fallback_id: str, seconds: float | None = None) -> JobUpdate:
    """The answer in our words. fallback_id: what the work is called where the answer has no usable responseId.

    Raises ValueError when a picture is there and cannot be read.
    """
    told = answer.get("responseId")
    external_id = told if isinstance(told, str) and IDENTIFIER.fullmatch(told) else fallback_id
    candidates = list(parts.objects(answer.get("candidates")))
    pictures = tuple(picture for candidate in candidates for picture in _pictures(candidate))
    if pictures:
        return JobUpdate(
            external_id=external_id,
            state=JobState.SUCCEEDED,
            inline_outputs=pictures[:MAX_OUTPUTS],
            provider_seconds=seconds,
        )
    code, detail = _why_nothing(answer, candidates)
    return JobUpdate(
        external_id=external_id,
        state=JobState.FAILED,
        error_code=code,
        error_detail=storable(detail),
        provider_seconds=seconds,
    )


def visible_parts(candidate: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A candidate's parts without its reasoning; content may be absent, empty or without parts."""
    content = candidate.get("content")
    for part in parts.objects(content.get("parts") if isinstance(content, dict) else None):
        if part.get("thought") is not True:
            yield part


def decoded(data: object) -> bytes:
    """The bytes behind base64, in either alphabet. Raises ValueError."""
    if not isinstance(data, str) or not data:
        raise ValueError("a file without content")
    try:
        return base64.b64decode(data.translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error as error:
        raise ValueError(f"a file that is not base64: {error}") from error


def _pictures(candidate: Mapping[str, Any]) -> Iterator[bytes]:
    for part in visible_parts(candidate):
        inline = part.get("inlineData") or part.get("inline_data")
        if isinstance(inline, dict):
            yield decoded(inline.get("data"))


def _why_nothing(answer: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    feedback = answer.get("promptFeedback")
    blocked = feedback.get("blockReason") if isinstance(feedback, dict) else None
    if blocked:
        return ErrorCode.CONTENT_REFUSED, f"the prompt was blocked: {blocked}"
    if not candidates:
        return ErrorCode.NO_OUTPUT, "the answer has no candidates"
    reason = str(candidates[0].get("finishReason") or "none")
    said = " ".join(str(part["text"]) for part in visible_parts(candidates[0]) if part.get("text"))
    message = str(candidates[0].get("finishMessage") or "")
    return _code(reason), ": ".join(text for text in (f"no picture, finishReason {reason}", message, said) if text)


def _code(reason: str) -> str:
    if reason in REFUSED:
        return ErrorCode.CONTENT_REFUSED
    return ErrorCode.NO_OUTPUT if reason in EMPTY else ErrorCode.PROVIDER_FAILED
