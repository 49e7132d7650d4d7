"""Where a model is to be had, and how its request is written there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers.catalogue.price import as_text
from providers.local import margins
from providers.local.geometry import Size


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """tasks: what it can be used for, empty for all of the model's. version: "" for the current one.

    only: our setting → the values as text that can be had there; another one is for another route. fields: our name →
    theirs, where they differ. values: our name → our value as text → theirs, "" for not sent. constants: theirs,
    always sent. omits: ours, never sent there. lists: slots that are a list there even with one file. numbers, texts:
    settings that are sent as a number or as a text whatever they are here. canvas: size, picture and place → their
    names, for margins that are told as a canvas. millicredits: what a unit costs the operator there, where it is known.
    """

    provider: str
    endpoint: str
    version: str = ""
    tasks: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    omits: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    canvas: Mapping[str, str] = field(default_factory=dict)
    millicredits: int | None = None

    def serves(self, task: str, cleaned: Mapping[str, Any] | None = None) -> bool:
        """Whether the task can be done there; with cleaned settings, whether with these."""
        if self.tasks and task not in self.tasks:
            return False
        return cleaned is None or all(as_text(cleaned.get(name)) in values for name, values in self.only.items())

    def write(
        self, settings: Mapping[str, Any], files: Mapping[str, Sequence[str]], frame: Size | None = None
    ) -> dict[str, Any]:
        """The provider's own fields for prompt and settings, and for files by slot, as their references.

        What was not said is left out. frame: width and height the result is to have.
        """
        fields = dict(self.constants)
        if self.canvas:
            drawn = _canvas(settings, frame)
            fields |= {self.canvas[name]: pair for name, pair in drawn.items()}
            settings = {name: value for name, value in settings.items() if name not in margins.NAMES}
        for name, value in settings.items():
            if value is not None and name not in self.omits and (theirs := self._value(name, value)) != "":
                fields[self.fields.get(name, name)] = theirs
        for slot, references in files.items():
            if references and slot not in self.omits:
                is_list = slot in self.lists or len(references) > 1
                fields[self.fields.get(slot, slot)] = list(references) if is_list else references[0]
        return fields

    def _value(self, name: str, value: Any) -> Any:
        theirs = self.values.get(name, {}).get(as_text(value), value)
        if name in self.texts:
            return as_text(theirs)
        if name in self.numbers and theirs != "":
            number = float(theirs)
            return int(number) if number.is_integer() else number
        return theirs


def _canvas(settings: Mapping[str, Any], frame: Size | None) -> dict[str, list[int]]:
    """Margins as a canvas: its size, which is the result's, and the size and place of the picture on it."""
    drawn = margins.given(settings)
    if drawn is None or frame is None:
        return {}
    left, top, right, bottom = drawn
    picture = [frame[0] - left - right, frame[1] - top - bottom]
    return {"size": list(frame), "picture": picture, "place": [left, top]}
