"""generateContent and its stream: pictures, edits and words in one call, and the blocks that come as 200."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk
from providers.sandbox.google import inputs, making, responses
from providers.sandbox.google.access import as_asked, json_body
from providers.sandbox.google.checking import camelised, check
from providers.sandbox.google.content_bodies import GENERATE
from providers.sandbox.google.models import Model, find
from providers.sandbox.google.orders import accept
from providers.sandbox.google.problems import Refused, no_model, refusal
from providers.sandbox.jobs import Job, State

WORDS_IN_A_FRAME = 4
KINDS = {"jpg": "image/jpeg", "png": "image/png"}


async def generate(desk: Desk, request: Request, name: str, method: str) -> Response:
    """POST /models/{name}:generateContent and :streamGenerateContent."""
    model = find(name, "generateContent")
    if model is None:
        raise Refused(no_model(name, method))
    body = camelised(await json_body(request))
    check(GENERATE, body)
    given = inputs.of_contents(body["contents"], wants_signatures=model.wants_signatures)
    job = await accept(desk, model, given, _asked(body.get("generationConfig", {})))
    desk.store.start(job, desk.clock.now_ns())
    await desk.clock.sleep_until(job.created_ns / 1e9 + job.details["boot_seconds"] + job.details["seconds"])
    frames = await _frames(desk, job, model)
    if job.is_told("accept-500"):
        return as_asked(request, refusal("503"))
    if job.is_told("accept-cut"):
        cut(request)
        return NoAnswer()
    await asyncio.sleep(job.told_seconds("accept-slow"))
    headers = {"Server-Timing": f"gfet4t7; dur={int((desk.clock.now_ns() - job.created_ns) / 1e6)}"}
    if method == "generateContent":
        return JSONResponse(_joined(frames), media_type="application/json; charset=UTF-8", headers=headers)
    if request.query_params.get("alt") != "sse":
        return JSONResponse(frames, headers=headers)
    headers |= {"Content-Disposition": "attachment", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, job, frames), media_type="text/event-stream", headers=headers)


def _asked(settings: dict[str, Any]) -> dict[str, Any]:
    shape = settings.get("imageConfig", {})
    return {
        "aspect": shape.get("aspectRatio"),
        "resolution": shape.get("imageSize"),
        "seed": settings.get("seed"),
        "wants_picture": "IMAGE" in settings.get("responseModalities", ["IMAGE"]),
    }


async def _frames(desk: Desk, job: Job, model: Model) -> list[responses.Shown]:
    """The whole answer, in the frames a stream gives it in."""
    told = job.directives
    if "refuse" in told and told["refuse"] in ("", "PROMPT"):
        return _ended(desk, job, [responses.blocked(job, "PROHIBITED_CONTENT")], error="blocked")
    if "null" in told:
        return _ended(desk, job, [{"usageMetadata": responses.usage(job.prompt, answer=0)}], error="null")
    if reason := _reason_without_picture(job):
        used = responses.usage(job.prompt, answer=0)
        return _ended(desk, job, [responses.answered(job, [], used, reason)], error=reason)
    if model.kind == "image" and job.input["wants_picture"] and "text-only" not in told:
        names = await making.paint_at_once(desk, job)
        pictures = [
            responses.picture_part(content, KINDS[model.format], is_signed=model.wants_signatures)
            for content in making.contents(desk, job, names)
        ]
        used = responses.usage(job.prompt, answer=responses.TOKENS_OF_A_PICTURE, is_picture=True)
        return _ended(desk, job, [responses.answered(job, pictures, used)], names=names)
    return _ended(desk, job, _words(job, _reply(job)))


def _reason_without_picture(job: Job) -> str:
    told = job.directives
    if "refuse" in told:
        return told["refuse"]
    if "fail" in told:
        return told["fail"] or "OTHER"
    return "NO_IMAGE" if "empty" in told else ""


def _ended(
    desk: Desk, job: Job, frames: list[responses.Shown], *, names: tuple[str, ...] = (), error: str | None = None
) -> list[responses.Shown]:
    state = State.FAILED if error else State.SUCCEEDED
    desk.store.settle(job, state, desk.clock.now_ns(), outputs=names, error=error)
    desk.painter.forget(desk.folder_of(job))
    return frames


def _reply(job: Job) -> str:
    """What a text model says: the sandbox understands nothing, and says so."""
    words = " ".join(job.prompt.split())
    if job.is_told("text-only"):
        return "I can describe that picture for you, but I will not draw it."
    return f"This is the sandbox speaking, no model. You wrote {len(words.split())} words: {words}"


def _words(job: Job, text: str) -> list[responses.Shown]:
    words = text.split(" ")
    ends = range(WORDS_IN_A_FRAME, len(words) + WORDS_IN_A_FRAME, WORDS_IN_A_FRAME)
    frames = []
    for end in ends:
        share = " ".join(words[end - WORDS_IN_A_FRAME : end])
        is_last = end >= len(words)
        # The counts are sums so far, and only the last frame says why it ends.
        used = responses.usage(job.prompt, answer=min(end, len(words)), thoughts=12)
        part = {"text": share if is_last else f"{share} "}
        frames.append(responses.answered(job, [part], used, "STOP" if is_last else None))
    return frames


def _joined(frames: Sequence[responses.Shown]) -> responses.Shown:
    """A stream's frames as the one answer they amount to."""
    last = frames[-1]
    texts = [
        part["text"]
        for frame in frames
        for candidate in frame.get("candidates", ())
        for part in candidate["content"].get("parts", ())
        if "text" in part
    ]
    if len(frames) > 1:
        last["candidates"][0]["content"]["parts"] = [{"text": "".join(texts)}]
    return last


async def _events(request: Request, job: Job, frames: Sequence[responses.Shown]) -> AsyncIterator[bytes]:
    """Lines end in CRLF, nothing follows the last frame; told to, the connection is cut in the middle of one."""
    for number, frame in enumerate(frames):
        line = b"data: " + json.dumps(frame, ensure_ascii=False).encode() + b"\r\n\r\n"
        if job.is_told("stream-cut") and number == len(frames) - 1:
            yield line[: len(line) // 2]
            await asyncio.sleep(0.05)  # what was written is on its way before the connection ends
            cut(request)
            return
        yield line
