"""What a job is given: its words and files out of the bodies of each method, kept beside the job for its run."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers.sandbox import inputs
from providers.sandbox.desk import Desk
from providers.sandbox.google import kept
from providers.sandbox.google.problems import invalid
from providers.sandbox.jobs import Job

# What Google calls a task, and the sandbox's engine. Without a word, what was given decides.
TASKS = {
    "text_to_video": "text-to-video",
    "image_to_video": "image-to-video",
    "reference_to_video": "reference-to-video",
    "edit": "video-edit",
    "extend": "video-edit",
    "upscale": "video-edit",
}


@dataclass(kw_only=True, slots=True)
class Given:
    """prompt: the words of the last turn. files: references by slot, each a data URI or an address."""

    prompt: str = ""
    task: str = ""
    files: dict[str, list[str]] = field(default_factory=dict)


def of_contents(contents: Sequence[Mapping[str, Any]], *, wants_signatures: bool) -> Given:
    """The last turn's words and pictures; without pictures of its own, it goes on with the model's last ones.

    Raises Refused for a history that the API would not take.
    """
    if contents[-1].get("role", "user") != "user":
        raise invalid("Please ensure that the conversation ends with a user turn.")
    for turn in contents:
        is_model = turn.get("role") == "model"
        for part in turn["parts"]:
            if is_model and wants_signatures and "inlineData" in part and not part.get("thoughtSignature"):
                raise invalid("Image part is missing a thought_signature in content position, part of the model turn.")
    found = Given(prompt=" ".join(part["text"] for part in contents[-1]["parts"] if part.get("text")))
    pictures = _pictures(contents[-1])
    for turn in reversed(contents):
        if pictures:
            break
        pictures = _pictures(turn) if turn.get("role") == "model" else []
    found.files = {"image": pictures} if pictures else {}
    found.task = "image-edit" if pictures else "text-to-image"
    return found


def of_interaction(body: Mapping[str, Any]) -> Given:
    """Words and files of an interaction's input, in whatever of its forms."""
    found, pictures = Given(), []
    for piece in _pieces(body["input"]):
        if piece["type"] == "text":
            found.prompt = f"{found.prompt} {piece['text']}".strip()
        elif piece["type"] == "video":
            found.files["video"] = [_placed(piece)]
        else:
            pictures.append(_placed(piece))
    word = body.get("generation_config", {}).get("video_config", {}).get("task", "")
    found.task = TASKS.get(word) or (
        "video-edit" if "video" in found.files else "image-to-video" if pictures else "text-to-video"
    )
    if found.task == "image-to-video" and not pictures:
        raise invalid("The task image_to_video needs an image.")
    if found.task == "video-edit" and "video" not in found.files:
        raise invalid(f"The task {word} needs a video.")
    if found.task == "reference-to-video":
        found.files["image"] = pictures
    elif found.task == "image-to-video":
        found.files["first_frame"] = pictures[:1]
        if pictures[1:]:
            found.task, found.files["last_frame"] = "first-last-frame", pictures[1:2]
    return found


def of_instance(instance: Mapping[str, Any], kind: str) -> Given:
    """Words and pictures of the older family."""
    found = Given(prompt=instance["prompt"], task=f"text-to-{kind}")
    for slot, name in (("first_frame", "image"), ("last_frame", "lastFrame")):
        if name in instance:
            found.files[slot] = [_data(instance[name])]
    if references := instance.get("referenceImages"):
        found.files["image"], found.task = [_data(one["image"]) for one in references], "reference-to-video"
    elif found.files:
        found.task = "first-last-frame" if "last_frame" in found.files else "image-to-video"
    return found


async def lay_beside(desk: Desk, job: Job, given: Given) -> None:
    """The files' bytes, in the job's folder: an address may be gone when it runs. Raises Refused."""
    try:
        contents = await inputs.gather(given.files, lambda reference: kept.own(desk, reference))
    except inputs.Unreadable as error:
        raise invalid(f"Unable to process input image. {error}") from None
    folder = desk.folder_of(job)
    names: dict[str, list[str]] = {}
    for slot, several in contents.items():
        for index, content in enumerate(several):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"in-{slot}-{index}").write_bytes(content)
            names.setdefault(slot, []).append(f"in-{slot}-{index}")
    job.details["files"] = names


def _pictures(turn: Mapping[str, Any]) -> list[str]:
    found = []
    for part in turn["parts"]:
        if blob := part.get("inlineData"):
            found.append(f"data:{blob['mimeType']};base64,{_plain(blob['data'])}")
        elif file := part.get("fileData"):
            found.append(file["fileUri"])
    return found


def _pieces(given: Any) -> list[Mapping[str, Any]]:
    if isinstance(given, str):
        return [{"type": "text", "text": given}]
    if isinstance(given, dict):
        return _pieces(given["content"]) if given["type"] == "user_input" else [given]
    return [piece for one in given for piece in _pieces(one)]


def _placed(piece: Mapping[str, Any]) -> str:
    if "data" in piece:
        return f"data:{piece.get('mime_type', '')};base64,{_plain(piece['data'])}"
    if "uri" not in piece:
        raise invalid(f"The {piece['type']} has neither data nor uri.")
    return str(piece["uri"])


def _data(picture: Mapping[str, Any]) -> str:
    return f"data:{picture['mimeType']};base64,{_plain(picture['bytesBase64Encoded'])}"


def _plain(data: str) -> str:
    """The same in the usual alphabet; both are taken, nothing else is. Raises Refused."""
    usual = data.translate(str.maketrans("-_", "+/"))
    try:
        base64.b64decode(usual, validate=True)
    except binascii.Error:
        raise invalid("Invalid value at 'data' (TYPE_BYTES), Base64 decoding failed") from None
    return usual
