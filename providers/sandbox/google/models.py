"""The models this face serves, what each can do, and how long it takes. All others, the retired ones too, are 404."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "image", "video"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """seconds: of one job, before SANDBOX_SPEED. method: the one it is spoken to by. wants_signatures: whether its
    own pictures may be sent back only with their signature."""

    name: str
    kind: Kind
    seconds: float
    method: str = "generateContent"
    format: str = "jpg"
    wants_signatures: bool = True


TEXT = (
    "gemini-3.8-flash",
    "gemini-3.7-flash",
    "gemini-3.6-flash",
    "gemini-3.5-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.1-pro-preview",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
    "gemini-2.5-flash-lite",
    "gemini-flash-latest",
    "gemini-pro-latest",
)
IMAGE = ("gemini-3.1-flash-image", "gemini-3.1-flash-lite-image", "gemini-3-pro-image", "gemini-nano-banana-2.1")
VIDEO = ("gemini-omni-1.2-flash", "gemini-omni-1.1-flash", "gemini-omni-flash-preview")
IMAGEN = ("imagen-4.0-generate-001", "imagen-4.0-ultra-generate-001", "imagen-4.0-fast-generate-001")
VEO = ("veo-3.1-generate-preview", "veo-3.1-fast-generate-preview", "veo-3.1-lite-generate-preview")

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        *(Model(name=name, kind="text", seconds=0.5, wants_signatures="2.5" not in name) for name in TEXT),
        *(Model(name=name, kind="image", seconds=3) for name in IMAGE),
        Model(name="gemini-2.5-flash-image", kind="image", seconds=3, format="png", wants_signatures=False),
        *(Model(name=name, kind="video", seconds=6, method="interactions") for name in VIDEO),
        # The older family, which the real API has shut down; kept for those who still speak to it.
        *(Model(name=name, kind="image", seconds=3, method="predict", format="png") for name in IMAGEN),
        *(Model(name=name, kind="video", seconds=6, method="predictLongRunning") for name in VEO),
    )
}


def find(name: str, *methods: str) -> Model | None:
    """The model of that name, if it is spoken to by one of these methods."""
    model = MODELS.get(name)
    return model if model and model.method in methods else None
