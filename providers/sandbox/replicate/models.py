"""The models this face knows, with their inputs as Replicate's own schemas give them. Data; the checks are in `inputs`.

Source: schemas of 2025-01 (all-the-public-replicate-models 1.352.0) and 2026-04 (nodetool-replicate).
"""

from dataclasses import dataclass
from typing import Any

RATIOS = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "3:4": (896, 1152),
    "4:3": (1152, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}

Schema = dict[str, Any]  # JSON Schema of one input

PROMPT: Schema = {"type": "string", "description": "Text prompt for image generation"}
SEED: Schema = {"type": "integer", "description": "Random seed. Set for reproducible generation"}
FORMAT: Schema = {"type": "string", "enum": ["webp", "jpg", "png"], "default": "webp"}
QUALITY: Schema = {"type": "integer", "minimum": 0, "maximum": 100, "default": 80}
URI: Schema = {"type": "string", "format": "uri"}


OFF: Schema = {"type": "boolean", "default": False}
ON: Schema = {"type": "boolean", "default": True}


def _whole(minimum: int, maximum: int, default: int | None = None) -> Schema:
    bounds = {"type": "integer", "minimum": minimum, "maximum": maximum}
    return bounds if default is None else bounds | {"default": default}


def _number(minimum: float, maximum: float, default: float) -> Schema:
    return {"type": "number", "minimum": minimum, "maximum": maximum, "default": default}


def _choice(*values: str, default: str) -> Schema:
    return {"type": "string", "enum": list(values), "default": default}


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A model: its versions (newest first), inputs, what its output is, and how long it usually takes."""

    owner: str
    name: str
    description: str
    versions: tuple[str, ...]
    inputs: dict[str, Schema]
    is_single: bool  # the output is one URI, not a list of them
    seconds: float
    shown_version: str  # what a prediction made by model name carries in `version`
    required: tuple[str, ...] = ("prompt",)

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


SHARED = {
    "prompt": PROMPT,
    "aspect_ratio": _choice(*RATIOS, default="1:1"),
    "num_outputs": _whole(1, 4, 1),
    "seed": SEED,
    "output_format": FORMAT,
    "output_quality": QUALITY,
    "disable_safety_checker": OFF,
    "go_fast": ON,
    "megapixels": _choice("1", "0.25", default="1"),
}

MODELS = (
    Model(
        owner="black-forest-labs",
        name="flux-schnell",
        description="The fastest image generation model tailored for local development and personal use",
        versions=("c846a69991daf4c0e5d016514849d14ee5b2e6846ce6b9d6f21369e564cfe51e",),
        inputs=SHARED | {"num_inference_steps": _whole(1, 4, 4)},
        is_single=False,
        seconds=1.2,
        shown_version="hidden",
    ),
    Model(
        owner="black-forest-labs",
        name="flux-dev",
        description="A 12 billion parameter rectified flow transformer capable of generating images from text",
        versions=("6e4a938f85952bdabcc15aa329178c4d681c52bf25a0342403287dc26944661d",),
        inputs=SHARED
        | {
            "image": URI,
            "prompt_strength": _number(0, 1, 0.8),
            "num_inference_steps": _whole(1, 50, 28),
            "guidance": _number(0, 10, 3),
        },
        is_single=False,
        seconds=3.0,
        shown_version="dp-4d0bcc010b3049749a251855f12800be",
    ),
    Model(
        owner="black-forest-labs",
        name="flux-1.1-pro",
        description="Faster, better FLUX Pro. Text-to-image model with excellent image quality and prompt adherence",
        versions=(
            "badb73d13c01c716f59b538fae81023a6c0a4f3aaedd00d477602c204c9e1232",
            "74d4bcf33a064fad68f96aeb9365cc08a1b2926363186b86b37dc1cb3d8a5df4",
        ),
        inputs={
            "prompt": PROMPT,
            "image_prompt": URI,
            "aspect_ratio": _choice(
                "custom", "1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3", default="1:1"
            ),
            "width": _whole(256, 1440),
            "height": _whole(256, 1440),
            "safety_tolerance": _whole(1, 6, 2),
            "seed": SEED,
            "prompt_upsampling": OFF,
            "output_format": FORMAT,
            "output_quality": QUALITY,
        },
        is_single=True,
        seconds=4.0,
        shown_version="hidden",
    ),
)

BY_NAME = {model.full_name: model for model in MODELS}
BY_VERSION = {version: model for model in MODELS for version in model.versions}
