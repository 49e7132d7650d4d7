"""What answers look like, key by key as recorded: pictures, words, blocks, interactions and operations."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from providers.sandbox.jobs import Job, State

WORDS = {
    State.WAITING: "queued",
    State.RUNNING: "in_progress",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELED: "cancelled",
    State.ABORTED: "cancelled",
}
TOKENS_OF_A_PICTURE = 1_120
TOKENS_OF_A_SECOND = 5_800
SIGNATURE = base64.b64encode(b"the sandbox thought about this").decode()
PREDICTED = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"

Shown = dict[str, Any]


def stamp(moment: float) -> str:
    """Seconds since 1970 as the API writes times."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def usage(prompt: str, *, answer: int, is_picture: bool = False, thoughts: int = 0) -> Shown:
    asked = max(1, len(prompt.split()))
    shown: Shown = {"promptTokenCount": asked, "totalTokenCount": asked + answer + thoughts}
    if answer:
        shown["candidatesTokenCount"] = answer
    if thoughts:
        shown["thoughtsTokenCount"] = thoughts
    shown["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": asked}]
    if is_picture:
        shown["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": answer}]
    return shown | {"serviceTier": "standard"}


def answered(job: Job, parts: Sequence[Mapping[str, Any]], used: Shown, reason: str | None = "STOP") -> Shown:
    """One candidate. Without a reason it is a frame before the last."""
    candidate: Shown = {"content": {"parts": list(parts), "role": "model"} if parts else {}}
    if reason:
        candidate |= {"finishReason": reason, "index": 0}
    return {"candidates": [candidate], "usageMetadata": used, "modelVersion": job.endpoint, "responseId": job.id}


def blocked(job: Job, reason: str) -> Shown:
    """The prompt was refused: there are no candidates at all."""
    return {
        "promptFeedback": {"blockReason": reason},
        "usageMetadata": usage(job.prompt, answer=0),
        "modelVersion": job.endpoint,
        "responseId": job.id,
    }


def picture_part(content: bytes, kind: str, *, is_signed: bool) -> Shown:
    part: Shown = {"inlineData": {"mimeType": kind, "data": base64.b64encode(content).decode()}}
    return part | {"thoughtSignature": SIGNATURE} if is_signed else part


def interaction(job: Job, *, content: Sequence[Mapping[str, Any]] = (), now: float) -> Shown:
    """The resource. content: what came of it, once it completed."""
    status = WORDS[job.state]
    if job.state is State.FAILED and job.is_told("incomplete"):
        status = "incomplete"
    shown: Shown = {
        "id": job.id,
        "object": "interaction",
        "model": job.endpoint,
        "status": status,
        "created": stamp(job.created_ns / 1e9),
        "updated": stamp(job.ended_at or now),
        "service_tier": "standard",
    }
    if job.state is State.FAILED and status == "failed":
        shown["errors"] = [{"code": job.details.get("error_code", ""), "message": job.error}]
    if job.state is State.SUCCEEDED:
        shown["usage"] = _video_usage(job)
        shown["steps"] = [
            {"type": "thought", "signature": SIGNATURE},
            *([{"type": "model_output", "content": list(content)}] if content else []),
        ]
    return shown


def operation(job: Job, uris: Sequence[str]) -> Shown:
    """A video of the older family: no "done" while it runs, and no error when all of it was filtered."""
    name = f"models/{job.endpoint}/operations/{job.id}"
    if not job.state.is_final:
        return {"name": name}
    if job.state is State.FAILED and "refuse" not in job.directives:
        return {"name": name, "done": True, "error": {"code": 13, "message": job.error}}
    videos: Shown = {"generatedSamples": [{"video": {"uri": uri}} for uri in uris]}
    if job.state is State.FAILED:
        videos = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": [job.error]}
    return {"name": name, "done": True, "response": {"@type": PREDICTED, "generateVideoResponse": videos}}


def _video_usage(job: Job) -> Shown:
    asked, made = max(1, len(job.prompt.split())), int(job.details.get("length", 5) * TOKENS_OF_A_SECOND)
    return {
        "total_tokens": asked + made,
        "total_input_tokens": asked,
        "input_tokens_by_modality": [{"modality": "text", "tokens": asked}],
        "total_cached_tokens": 0,
        "total_output_tokens": made,
        "output_tokens_by_modality": [{"modality": "video", "tokens": made}],
        "total_tool_use_tokens": 0,
        "total_thought_tokens": 0,
    }
