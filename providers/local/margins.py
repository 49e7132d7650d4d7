"""A picture in a larger frame: how far the frame goes beyond each of its sides."""

from collections.abc import Mapping
from typing import Any

from providers.local import geometry
from providers.local.geometry import Margins, Size

# The settings of a model whose frame is free, in pixels of the picture, in the order of Margins.
NAMES = ("margin_left", "margin_top", "margin_right", "margin_bottom")


def given(cleaned: Mapping[str, Any]) -> Margins | None:
    """The margins that the settings say in pixels; None where they say none."""
    if cleaned.get(NAMES[0]) is None:
        return None
    left, top, right, bottom = (int(cleaned.get(name) or 0) for name in NAMES)
    return left, top, right, bottom


def foreseen(cleaned: Mapping[str, Any], source: Size) -> Margins:
    """What the settings come to for a picture of this size: the margins, the sides or the shape they name."""
    if (margins := given(cleaned)) is not None:
        return margins
    if where := cleaned.get("outpaint"):
        return geometry.margins(source, str(where))
    return geometry.shaped(source, str(cleaned.get("aspect_ratio")))


def around(source: Size, margins: Margins) -> Size:
    """The source with its margins."""
    left, top, right, bottom = margins
    return source[0] + left + right, source[1] + top + bottom
