"""A model's file drafted from its published inputs. What nobody can know from them says "?", and is refused so."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from providers.catalogue import vocabulary
from providers.catalogue.published import Published
from providers.catalogue.tables import UNKNOWN
from providers.catalogue.tasks import TASKS

# What providers call a thing → what the studio calls it. Their word stays where it is the studio's own.
NAMES = {
    "num_outputs": ("num_images", "number_of_images", "batch_size"),
    "guidance": ("guidance_scale", "cfg", "cfg_scale"),
    "num_inference_steps": ("steps",),
    "strength": ("prompt_strength",),
    "sound": ("generate_audio", "audio", "generate_audio_switch"),
    "prompt_upsampling": ("enhance_prompt", "expand_prompt", "enable_prompt_expansion", "prompt_optimizer"),
    "fps": ("frames_per_second",),
    "scale": ("scale_factor", "upscale_factor"),
    "output_format": ("format",),
    "face_enhance": ("face_enhancement", "face"),
}
SLOTS = {
    "image": ("image", "images", "image_url", "image_urls", "image_input", "input_image", "input_images", "img"),
    "mask": ("mask", "mask_url", "mask_image"),
    "first_frame": ("first_frame_url", "first_frame_image", "first_image_url", "start_image", "start_image_url"),
    "last_frame": (
        "last_frame",
        "last_frame_url",
        "last_frame_image",
        "last_image",
        "end_image",
        "end_image_url",
        "tail_image_url",
    ),
    "video": ("video", "video_url"),
}
# For the operator to decide, or none of a person's business.
LEFT_OUT = re.compile(r"safety_checker|sync_mode|api_key|user_id|webhook|moderation|lora|weights|safety_filter")
OURS = {theirs: ours for ours, words in NAMES.items() for theirs in words}
PLACES = {theirs: slot for slot, words in SLOTS.items() for theirs in words}
IMAGE_SECONDS, VIDEO_SECONDS = 300, 900


def write(provider: str, endpoint: str, published: Published) -> str:
    """TOML. Names, kinds, ranges, defaults and mappings as published; the rest is "?"."""
    properties = {name: one for name, one in published.properties.items() if not LEFT_OUT.search(name)}
    is_video = "video" in endpoint or "video" in published.outputs
    places = {name: _place(name, is_video=is_video) for name in properties if name in PLACES}
    settings = {name: one for name, one in properties.items() if name not in places and name != "prompt"}
    blocks = [
        "\n".join(_head(provider, endpoint, published, set(places.values()), is_video=is_video)),
        f"[price]\nunit = {_text(UNKNOWN)}\nmillicredits = {_text(UNKNOWN)}\nsource = {_text(UNKNOWN)}\n"
        f"checked_on = {_text(UNKNOWN)}",
        "\n".join(_route(provider, endpoint, published, places, settings)),
        *("\n".join(_slot(name, slot, properties[name], published)) for name, slot in places.items()),
        *("\n".join(_parameter(name, one)) for name, one in settings.items()),
    ]
    return "\n\n".join(blocks) + "\n"


def identifier(endpoint: str) -> str:
    """A model id made of the endpoint's own name, without its owner."""
    own = endpoint.strip("/").partition("/")[2] or endpoint
    return re.sub(r"[^a-z0-9.]+", "-", own.lower()).strip("-.") or "model"


def _head(provider: str, endpoint: str, published: Published, slots: set[str], *, is_video: bool) -> Iterator[str]:
    kind = "video" if is_video else "image"
    left_out = sorted(name for name in published.properties if LEFT_OUT.search(name))
    yield f"# A draft of {provider}'s published inputs of {endpoint}. Each {UNKNOWN!r} is for a person to fill in."
    if left_out:
        yield f"# Left out, and so to stay if no person should set them: {', '.join(left_out)}."
    possible = [task for task, needed in TASKS.items() if needed <= slots and ("video" in task or "frame" in task) == is_video]  # fmt: skip  # noqa: E501
    yield f"# Tasks its inputs would do for: {', '.join(possible)}."
    yield ""
    yield f"id = {_text(identifier(endpoint))}"
    yield f"name = {_text(published.title or UNKNOWN)}"
    yield f"tasks = [{_text(UNKNOWN)}]"
    yield f"output_kind = {_text(kind)}"
    yield f"order = {_text(UNKNOWN)}"
    yield f"prompt_max_length = {4000 if 'prompt' in published.properties else 0}"
    if "prompt" not in published.required:
        yield "needs_prompt = false"
    yield f"deadline_seconds = {VIDEO_SECONDS if is_video else IMAGE_SECONDS}"
    yield f"typical_seconds = {_text(UNKNOWN)}"
    yield f"rate_per_minute = {_text(UNKNOWN)}"
    yield f"frames = {_text('video' if is_video else 'area')}"
    yield f"summary = {{ en = {_text(UNKNOWN)}, ru = {_text(UNKNOWN)} }}"


def _route(
    provider: str, endpoint: str, published: Published, places: Mapping[str, str], settings: Mapping[str, Any]
) -> Iterator[str]:
    if published.version:
        yield f"# If it is no official model, it needs: version = {_text(published.version)}"
    yield "[[routes]]"
    yield f"provider = {_text(provider)}"
    yield f"endpoint = {_text(endpoint)}"
    names = {OURS[theirs]: theirs for theirs in settings if theirs in OURS}
    names |= {slot: theirs for theirs, slot in places.items() if slot != theirs}
    if names:
        yield f"fields = {{ {', '.join(f'{ours} = {_text(theirs)}' for ours, theirs in names.items())} }}"
    if lists := [_text(slot) for name, slot in places.items() if published.properties[name].get("type") == "array"]:
        yield f"lists = [{', '.join(lists)}]"
    if numbers := [_text(OURS.get(name, name)) for name, one in settings.items() if _are_numbers(one)]:
        yield f"numbers = [{', '.join(numbers)}]"


def _slot(name: str, slot: str, schema: Mapping[str, Any], published: Published) -> Iterator[str]:
    yield "[[inputs]]"
    yield f"name = {_text(slot)}"
    if schema.get("type") == "array":
        yield f"maximum = {schema.get('maxItems') or _text(UNKNOWN)}"
    if name in published.required:
        yield "required = true"


def _parameter(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    ours = OURS.get(name, name)
    kind = "choice" if schema.get("enum") else schema.get("type", "")
    if kind not in {"choice", "integer", "number", "boolean", "string"}:
        yield f"# Not understood, and left out: {name}, {json.dumps(schema, default=str)[:200]}"
        return
    default = schema.get("default")
    yield "[[parameters]]"
    yield f"name = {_text(ours)}"
    yield f"kind = {_text(kind)}"
    if kind == "choice":
        yield f"choices = [{', '.join(_text(_word(one)) for one in schema['enum'])}]"
        default = None if default is None else _word(default)
    if kind in {"integer", "number"}:
        yield f"minimum = {_number(schema.get('minimum'))}"
        yield f"maximum = {_number(schema.get('maximum'))}"
    if kind == "string":
        yield f"maximum = {_number(schema.get('maxLength'))}"
    if default is not None:
        yield f"default = {json.dumps(default, ensure_ascii=False)}"
    if ours not in vocabulary.read().parameters:
        yield f"label = {{ en = {_text(UNKNOWN)}, ru = {_text(UNKNOWN)} }}"
        yield f"help = {{ en = {_text(UNKNOWN)}, ru = {_text(UNKNOWN)} }}"


def _place(name: str, *, is_video: bool) -> str:
    """One picture given to a model of videos is the first frame; several are what is to be seen."""
    return "first_frame" if is_video and PLACES[name] == "image" and not name.endswith("s") else PLACES[name]


def _are_numbers(schema: Mapping[str, Any]) -> bool:
    values = schema.get("enum") or ()
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _number(value: object) -> str:
    return json.dumps(value) if isinstance(value, int | float) else _text(UNKNOWN)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
