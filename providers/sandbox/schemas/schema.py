"""One endpoint: checks a body, tells which files it names, and turns it into an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers.sandbox.directives import split
from providers.sandbox.schemas import framing, reading
from providers.sandbox.schemas.problems import Problem, problems_of
from providers.sandbox.work import Order

SLOTS = ("image", "mask", "first_frame", "last_frame", "video", "style_image")
# What each task cannot do without; those that are not named need nothing.
NEEDS: Mapping[str, frozenset[str]] = {
    "image-edit": frozenset({"image"}),
    "inpaint": frozenset({"image", "mask"}),
    "expand": frozenset({"image"}),
    "upscale": frozenset({"image"}),
    "remove-background": frozenset({"image"}),
    "restyle": frozenset({"image"}),
    "convert": frozenset({"image"}),
    "image-to-video": frozenset({"first_frame"}),
    "first-last-frame": frozenset({"first_frame", "last_frame"}),
    "reference-to-video": frozenset({"image"}),
    "video-edit": frozenset({"video"}),
}
FORMATS = {"jpeg": "jpg", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
# Tasks whose result is as large as what was given, unless a size is asked for.
SOURCE_SIZED = frozenset(NEEDS) - {"expand"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """input: JSON Schema 2020-12 of the body. roles: which of its fields (names, or ways such as parameters.seed)
    play which part. output: kind and shape; values for roles that no field plays; `multiple`, to which own sizes are
    rounded down; `source_sized`, where a given picture's size outweighs all that is asked for. sizes: pixels by ratio,
    where the model has a table. seconds: how long it usually takes. versions: newest first.
    """

    provider: str
    endpoint: str
    tasks: tuple[str, ...]
    input: Mapping[str, Any]
    roles: Mapping[str, tuple[str, ...]]
    output: Mapping[str, Any]
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    seconds: float
    description: str
    versions: tuple[str, ...]
    source: str

    @property
    def is_video(self) -> bool:
        return bool(self.output["kind"] == "video")

    def problems(self, body: Any) -> list[Problem]:
        """What is wrong with a body; empty when it is good."""
        return problems_of(self.input, body)

    def value(self, body: Mapping[str, Any], role: str) -> Any:
        """What the body says for a role: its own value, the field's default, or what the model always does."""
        if (found := self._said(body, role)) is not None:
            return found
        for way in self.roles.get(role, ()):
            if (usual := reading.default_at(self.input, way)) is not None:
                return usual
        return self.output.get(role)

    def _said(self, body: Mapping[str, Any], role: str) -> Any:
        """What the body itself says."""
        said = (reading.at(body, way) for way in self.roles.get(role, ()))
        return next((found for found in said if found is not None), None)

    def prompt(self, body: Mapping[str, Any]) -> str:
        """The words as they were sent, directives included."""
        return str(self.value(body, "prompt") or "")

    def count(self, body: Mapping[str, Any]) -> int:
        """How many files it makes."""
        return max(1, int(reading.number(self.value(body, "count")) or 1))

    def references(self, body: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
        """The files the body names, by slot, as they stand there: addresses, data URIs, or a provider's own objects."""
        found: dict[str, tuple[Any, ...]] = {}
        for slot in SLOTS:
            values = [reading.at(body, way) for way in self.roles.get(slot, ())]
            flat = [one for value in values for one in (value if isinstance(value, list) else [value]) if one]
            if flat:
                found[slot] = tuple(flat)
        return found

    def task(self, given: Mapping[str, Any]) -> str:
        """Of its tasks the one that needs most of the given slots; the first when none is served by them."""
        possible = [task for task in self.tasks if NEEDS.get(task, frozenset()) <= set(given)]
        return max(possible, key=lambda task: len(NEEDS.get(task, ())), default=self.tasks[0])

    def order(self, body: Mapping[str, Any], files: Mapping[str, Sequence[bytes]], *, seed: int = 0) -> Order:
        """The work a good body asks for. files: what `references` named, read. seed: where the body says none.

        Raises work.Unusable when a size depends on a file that is no picture.
        """
        task = self.task(files)
        given = {slot: tuple(contents) for slot, contents in files.items()}
        own_seed = reading.number(self.value(body, "seed"))
        width, height = self._size(body, task, given)
        wanted = str(self.value(body, "format") or "png").lower()
        quality = reading.number(self.value(body, "quality"))
        fps, strength = (reading.number(self.value(body, role)) for role in ("fps", "strength"))
        return Order(
            task=task,
            kind="video" if self.is_video else "image",
            prompt=split(self.prompt(body))[0],
            seed=int(own_seed) if own_seed is not None and own_seed >= 0 else seed,
            width=width,
            height=height,
            format=FORMATS.get(wanted, wanted if wanted in ("webp", "jpg") else "png"),
            quality=80 if quality is None else max(0, min(100, int(quality))),
            seconds=reading.seconds(self.value(body, "duration"), self.value(body, "frames"), fps),
            fps=fps or 24,
            scale=reading.number(self.value(body, "scale")) or 2,
            strength=1 if strength is None else max(0.0, min(1.0, strength)),
            background=str(self.value(body, "background") or ""),
            margins=self._margins(body, given, (width, height)) if task == "expand" else (0, 0, 0, 0),
            files=given,
        )

    def _size(self, body: Mapping[str, Any], task: str, files: Mapping[str, Sequence[bytes]]) -> tuple[int, int]:
        """Pixels; (0, 0) for what follows the file that is worked on, as it does unless another size is asked for.

        A resolution alone keeps that file's shape. A film always has one, a picture where the body says so.
        """
        follows = task in SOURCE_SIZED
        if follows and self.output.get("source_sized"):
            return 0, 0
        aspect = self._said(body, "aspect") if follows else self.value(body, "aspect")
        resolution = self._said(body, "resolution") if follows and not self.is_video else self.value(body, "resolution")
        asked = framing.Asked(
            aspect=aspect,
            width=reading.number(self.value(body, "width")),
            height=reading.number(self.value(body, "height")),
            resolution=resolution,
            multiple=int(self.output.get("multiple", 1)),
        )
        fallback = framing.USUAL[self.is_video]
        if follows:
            fallback = framing.size_of(files) if resolution else (0, 0)
        return framing.size(asked, self.sizes, fallback, is_video=self.is_video)

    def _margins(
        self, body: Mapping[str, Any], files: Mapping[str, tuple[bytes, ...]], size: tuple[int, int]
    ) -> tuple[int, int, int, int]:
        sides = tuple(int(reading.number(self.value(body, side)) or 0) for side in ("left", "top", "right", "bottom"))
        if any(sides):
            return sides[0], sides[1], sides[2], sides[3]
        placed = {name: self.value(body, name) for name in ("outpaint", "canvas", "placed_size", "placed_at")}
        return framing.margins(files["image"][0], size, **placed)
