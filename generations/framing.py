"""The frame that is drawn round a picture on the page for expanding: how the model takes it, and what it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generations.goals import Goal
from providers.catalogue import Model
from providers.catalogue.frames import Frame
from providers.local import margins

# To begin with; any other is drawn, where the model takes it.
SHAPES = ("1:1", "5:4", "4:5", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "21:9")


@dataclass(frozen=True, kw_only=True, slots=True)
class Framing:
    """way: "margins", "mask" or "ratio". switch: the setting that says how the frame is told. most: pixels a side.

    drawn, size: what the settings come to for the given picture; empty without one.
    """

    way: str
    switch: str
    longest: int
    most: int
    drawn: str = ""
    size: str = ""


def framing_of(model: Model, goal: Goal, cleaned: Mapping[str, Any], source: Frame | None) -> Framing | None:
    """None where no frame is drawn: for another goal, or for a model that takes none."""
    if goal.name != "expand" or not model.framing:
        return None
    parameters = {one.name: one for one in model.parameters}
    bounds = [int(parameters[name].maximum or 0) for name in margins.NAMES if name in parameters]
    drawn = size = ""
    if source:
        drawn = " ".join(str(pixels) for pixels in margins.foreseen(cleaned, source))
        width, height = model.frame(cleaned, source, "expand")
        size = f"{width} × {height}"
    return Framing(
        way=model.framing,
        switch=next((name for name in ("aspect_ratio", "outpaint") if name in parameters), ""),
        longest=model.longest_side,
        most=min(bounds, default=model.longest_side),
        drawn=drawn,
        size=size,
    )
