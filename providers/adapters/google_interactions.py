"""Google's videos through the Interactions API: what is asked, and what the resource says. No network.

Object: the resource `Interaction` of google-genai 3.x, snake_case throughout. Results are looked for in `steps` alone:
`outputs` and the like are the client libraries' own convenience.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from providers.adapters import google_parts as parts
from providers.adapters.google_images import MAX_OUTPUTS, decoded
from providers.bodies import storable
from providers.contract import ErrorCode, JobRequest, JobState, JobUpdate

IDENTIFIER = re.compile(r"[A-Za-z0-9_=-]{1,120}")
STATES = {
    "queued": JobState.WAITING,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "cancelled": JobState.CANCELLED,
    # Ends as far as we go: nobody is there to act, to go on, or to raise a budget.
    "incomplete": JobState.FAILED,
    "requires_action": JobState.FAILED,
    "requires_continuation": JobState.FAILED,
    "budget_exceeded": JobState.FAILED,
}
# What the studio calls a task, and Google. Where there is no word, the model decides by what it is given.
TASKS = {
    "text-to-video": "text_to_video",
    "image-to-video": "image_to_video",
    "first-last-frame": "image_to_video",
    "reference-to-video": "reference_to_video",
    "video-edit": "edit",
    "upscale": "upscale",
}
# First match wins; no failed interaction has been published, so these are loose on purpose.
FAILURES = (
    (
        re.compile(r"safety|prohibit|policy|policies|blocked|sensitive|responsible|\brai\b", re.I),
        ErrorCode.CONTENT_REFUSED,
    ),
    (re.compile(r"deadline|time[d -]?\s?out", re.I), ErrorCode.PROVIDER_TIMED_OUT),
    (re.compile(r"invalid[_ -]?(argument|request|input)|unsupported", re.I), ErrorCode.INPUT_REFUSED),
)


def request(model: str, job: JobRequest) -> dict[str, Any]:
    """The body. Flat inputs: prompt, image, first_frame, last_frame, video (references), aspect_ratio, resolution,
    duration (seconds, or "8s"), task (Google's word, in the place of the one that follows from the studio's)."""
    content = [
        parts.interaction_part(one)
        for one in parts.references(job.inputs, "video", "first_frame", "image", "last_frame")
    ]
    if prompt := str(job.inputs.get("prompt") or ""):
        content.insert(0, {"type": "text", "text": prompt})
    # Inline, a video of some megabytes would come with each answer to a poll.
    shape: dict[str, Any] = {"type": "video", "delivery": "uri"}
    shape |= {name: job.inputs[name] for name in ("aspect_ratio", "resolution") if job.inputs.get(name) is not None}
    if (duration := job.inputs.get("duration")) is not None:
        shape["duration"] = f"{parts.seconds(duration):g}s"
    body: dict[str, Any] = {
        "model": model,
        "background": True,
        "input": [{"type": "user_input", "content": content}],
        "response_format": shape,
    }
    if task := job.inputs.get("task") or TASKS.get(job.task):
        body["generation_config"] = {"video_config": {"task": task}}
    if job.callback_url:
        body["webhook_config"] = {"uris": [job.callback_url]}
    return body


def read(interaction: Mapping[str, Any], known_id: str = "") -> JobUpdate:
    """The interaction in our words. known_id: stands in for an id the answer leaves out, never for another one.

    Raises ValueError when it has no usable id, or a file in it cannot be read.
    """
    external_id = interaction.get("id") or known_id
    if not isinstance(external_id, str) or not IDENTIFIER.fullmatch(external_id):
        raise ValueError("the interaction has no usable id")
    status = str(interaction.get("status"))
    # A status we do not know is treated as "still at it": the poller asks again, the deadline ends it.
    state = STATES.get(status, JobState.RUNNING)
    if state is JobState.SUCCEEDED:
        return _succeeded(external_id, interaction)
    code, detail = "", ""
    if state is JobState.FAILED:
        detail = storable(": ".join((status, *_complaints(interaction), *_texts(interaction))))
        code = next((code for text, code in FAILURES if text.search(detail)), ErrorCode.PROVIDER_FAILED)
    return JobUpdate(external_id=external_id, state=state, error_code=code, error_detail=detail)


def _succeeded(external_id: str, interaction: Mapping[str, Any]) -> JobUpdate:
    files = [part for part in _content(interaction) if part.get("type") in {"video", "image"}]
    urls = tuple(part["uri"] for part in files if isinstance(part.get("uri"), str) and not part.get("data"))
    inline = tuple(decoded(part["data"]) for part in files if part.get("data"))
    if urls or inline:
        return JobUpdate(
            external_id=external_id,
            state=JobState.SUCCEEDED,
            output_urls=urls[:MAX_OUTPUTS],
            inline_outputs=inline[:MAX_OUTPUTS],
        )
    detail = storable(": ".join(("completed without a file", *_complaints(interaction), *_texts(interaction))))
    return JobUpdate(
        external_id=external_id, state=JobState.FAILED, error_code=ErrorCode.NO_OUTPUT, error_detail=detail
    )


def _content(interaction: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for step in parts.objects(interaction.get("steps")):
        if step.get("type") == "model_output":
            yield from parts.objects(step.get("content"))


def _texts(interaction: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(part["text"]) for part in _content(interaction) if part.get("text"))


def _complaints(interaction: Mapping[str, Any]) -> Iterator[str]:
    for error in parts.objects(interaction.get("errors")):
        yield " ".join(str(error[name]) for name in ("code", "message") if error.get(name))
