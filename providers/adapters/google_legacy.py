"""The older family, for those who still run it: Imagen by :predict, Veo by :predictLongRunning. No network.

Both were shut down on the Developer API in 2026 (Imagen 4 in August, Veo 3.1 in October) and live on elsewhere.
"""

import re
from collections.abc import Mapping
from typing import Any

from providers.adapters import google_parts as parts
from providers.adapters.google_images import MAX_OUTPUTS, decoded
from providers.bodies import storable
from providers.contract import ErrorCode, JobRequest, JobState, JobUpdate

OPERATION = re.compile(r"models/([a-z0-9][a-z0-9.-]*)/operations/([A-Za-z0-9_-]{1,120})")
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,120}")
# The studio's word for a setting, and this API's.
PICTURE_SETTINGS = {"num_outputs": "sampleCount", "aspect_ratio": "aspectRatio", "image_size": "sampleImageSize"}
VIDEO_SETTINGS = {
    "aspect_ratio": "aspectRatio",
    "resolution": "resolution",
    "negative_prompt": "negativePrompt",
    "seed": "seed",
}
# google.rpc.Code, as an operation's error carries it.
INVALID_ARGUMENT, DEADLINE_EXCEEDED = 3, 4


def picture_request(job: JobRequest) -> dict[str, Any]:
    """The body for :predict. Flat inputs: prompt, num_outputs, aspect_ratio, image_size."""
    settings = _renamed(job, PICTURE_SETTINGS)
    return {
        "instances": [{"prompt": str(job.inputs.get("prompt") or "")}],
        "parameters": {"sampleCount": 1, "includeRaiReason": True, **settings},
    }


def video_request(job: JobRequest) -> dict[str, Any]:
    """The body for :predictLongRunning. Flat inputs: prompt, first_frame or image, last_frame, aspect_ratio,
    resolution, duration, negative_prompt, seed. Several images are references, one is the first frame."""
    instance: dict[str, Any] = {"prompt": str(job.inputs.get("prompt") or "")}
    images = [parts.prediction_part(one) for one in parts.references(job.inputs, "image")]
    first = [parts.prediction_part(one) for one in parts.references(job.inputs, "first_frame")]
    last = [parts.prediction_part(one) for one in parts.references(job.inputs, "last_frame")]
    if job.task == "reference-to-video" or len(images) > 1:
        instance["referenceImages"] = [{"image": image, "referenceType": "ASSET"} for image in images]
    else:
        first = first or images
    instance |= {name: found[0] for name, found in (("image", first), ("lastFrame", last)) if found}
    settings = {"sampleCount": 1, **_renamed(job, VIDEO_SETTINGS)}
    if (duration := job.inputs.get("duration")) is not None:
        settings["durationSeconds"] = int(parts.seconds(duration))
    body: dict[str, Any] = {"instances": [instance], "parameters": settings}
    return body | {"webhookConfig": {"uris": [job.callback_url]}} if job.callback_url else body


def read_pictures(answer: Mapping[str, Any], external_id: str) -> JobUpdate:
    """A :predict answer. One that was filtered whole is 200 with {} or with reasons alone; Vertex adds an element
    about safety at the end, which has no bytes. Raises ValueError when a picture cannot be read."""
    found = list(parts.objects(answer.get("predictions")))
    pictures = tuple(decoded(one["bytesBase64Encoded"]) for one in found if one.get("bytesBase64Encoded"))
    if pictures:
        return JobUpdate(external_id=external_id, state=JobState.SUCCEEDED, inline_outputs=pictures[:MAX_OUTPUTS])
    reasons = [str(one["raiFilteredReason"]) for one in found if one.get("raiFilteredReason")]
    return _nothing(external_id, reasons)


def operation_id(answer: Mapping[str, Any], model: str) -> str:
    """The last part of an operation's name; the rest is the endpoint. Raises ValueError."""
    found = OPERATION.fullmatch(str(answer.get("name")))
    if not found or found[1] != model:
        raise ValueError("the operation has no usable name")
    return found[2]


def read_operation(answer: Mapping[str, Any], model: str) -> JobUpdate:
    """A video's operation. One that runs has no "done"; a filtered one is done without error and without samples.

    Raises ValueError when it has no usable name.
    """
    external_id = operation_id(answer, model)
    if answer.get("done") is not True:
        return JobUpdate(external_id=external_id, state=JobState.RUNNING)
    if isinstance(error := answer.get("error"), dict):
        detail = storable(f"{error.get('code')} {error.get('message')}")
        codes = {INVALID_ARGUMENT: ErrorCode.INPUT_REFUSED, DEADLINE_EXCEEDED: ErrorCode.PROVIDER_TIMED_OUT}
        number = error.get("code")
        code = codes.get(number if isinstance(number, int) else 0, ErrorCode.PROVIDER_FAILED)
        return JobUpdate(external_id=external_id, state=JobState.FAILED, error_code=code, error_detail=detail)
    response = answer.get("response")
    videos = response.get("generateVideoResponse") if isinstance(response, dict) else None
    videos = videos if isinstance(videos, dict) else {}
    samples = [one.get("video") for one in parts.objects(videos.get("generatedSamples"))]
    urls = tuple(one["uri"] for one in samples if isinstance(one, dict) and isinstance(one.get("uri"), str))
    if urls:
        return JobUpdate(external_id=external_id, state=JobState.SUCCEEDED, output_urls=urls[:MAX_OUTPUTS])
    return _nothing(external_id, parts.texts(videos.get("raiMediaFilteredReasons")))


def _nothing(external_id: str, reasons: list[str]) -> JobUpdate:
    code = ErrorCode.CONTENT_REFUSED if reasons else ErrorCode.NO_OUTPUT
    detail = storable("; ".join(reasons) or "the answer has no files")
    return JobUpdate(external_id=external_id, state=JobState.FAILED, error_code=code, error_detail=detail)


def _renamed(job: JobRequest, names: Mapping[str, str]) -> dict[str, Any]:
    return {theirs: job.inputs[ours] for ours, theirs in names.items() if job.inputs.get(ours) is not None}
