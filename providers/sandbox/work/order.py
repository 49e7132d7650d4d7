"""What is to be made, in neutral words. How a provider asked for it is for its schema to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png", "mp4": "video/mp4"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One job's work.

    task: one of the catalogue's tasks. prompt: the words to draw, without directives. width, height: pixels, 0 for
    "as the source has them". format: webp, jpg or png; a film is always mp4. quality: 0 to 100, of webp and jpg.
    seconds, fps: of a film. scale: how many times larger. strength: 0 to 1, how far an edit goes. background: of a
    cut-out, a colour's name; else it is transparent. margins: pixels to add (left, top, right, bottom). files: the
    bytes of what was given, by slot (image, mask, first_frame, last_frame, video, style_image).
    """

    task: str
    kind: Literal["image", "video"]
    prompt: str = ""
    seed: int = 0
    width: int = 0
    height: int = 0
    format: str = "webp"
    quality: int = 80
    seconds: float = 5
    fps: float = 24
    scale: float = 2
    strength: float = 1
    background: str = ""
    margins: tuple[int, int, int, int] = (0, 0, 0, 0)
    files: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)

    @property
    def extension(self) -> str:
        """How the file's name ends: a cut-out needs a format that can be transparent."""
        if self.kind == "video":
            return "mp4"
        return "png" if self.task == "remove-background" and self.format == "jpg" else self.format

    @property
    def content_type(self) -> str:
        return TYPES[self.extension]
