"""How large a result is to be, from the many ways in which providers let it be said; and where a picture lies in it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.sandbox.work.sources import frames, picture

Size = tuple[int, int]
PAIR = re.compile(r"(\d{1,5})\s*[x×:*_,/]\s*(\d{1,5})")
SMALLEST_PIXELS = 100  # below, a pair of numbers is a ratio
LARGEST_SIDE = 8192
# By names alone: https://fal.ai/models/fal-ai/flux/dev/api, "image_size".
NAMED: Mapping[str, Size] = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}
# The square root of how many pixels a resolution of pictures stands for.
SIDES = {"512": 512, "0.25": 512, "0.5": 724, "1": 1024, "2": 1448, "4": 2048, "0.5k": 512, "1k": 1024, "1.5k": 1536}
SIDES |= {"2k": 2048, "3k": 3072, "4k": 4096}
# The short side of a film.
SHORT_SIDES = {"512": 512, "1k": 1080, "2k": 1440, "4k": 2160, "8k": 4320}
USUAL: Mapping[bool, Size] = {False: (1024, 1024), True: (1280, 720)}
USUAL_SHORT_SIDE = 720
ZOOM = re.compile(r"zoom out ([\d.]+)x", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the body said, where it said anything."""

    aspect: Any = None
    width: float | None = None
    height: float | None = None
    resolution: Any = None
    multiple: int = 1  # own sizes are rounded down to it


def size(asked: Asked, table: Mapping[str, Size], fallback: Size, *, is_video: bool) -> Size:
    """Width and height in pixels; (0, 0) means the source's, where the fallback does."""
    if exact := _in_pixels(asked, table):
        return exact
    aspect, resolution = str(asked.aspect or ""), str(asked.resolution or "").lower()
    side = _side(aspect, resolution)
    if aspect in table:
        width, height = table[aspect]
        return (width, height) if is_video else _bounded(width * side / 1024, height * side / 1024)
    ratio = _ratio(aspect)
    if ratio is None and (fallback == (0, 0) or not resolution):
        return fallback
    return _by_short_side(ratio or fallback, resolution) if is_video else _by_area(ratio or fallback, side)


def _in_pixels(asked: Asked, table: Mapping[str, Size]) -> Size | None:
    """Where the body said both sides themselves, or a name for them."""
    if isinstance(asked.aspect, Mapping) and {"width", "height"} <= asked.aspect.keys():
        return _bounded(asked.aspect["width"], asked.aspect["height"])
    if (asked.width or asked.height) and str(asked.aspect or "") not in table:
        # The side that was not given is the usual one.
        sides = [(side or SIDES["1k"]) // asked.multiple for side in (asked.width, asked.height)]
        return _bounded(sides[0], sides[1], multiple=asked.multiple)
    aspect = str(asked.aspect or "")
    # A ratio outweighs pixels that stand where the resolution does: they may be no more than the usual ones.
    for text in (aspect, "" if _ratio(aspect) else str(asked.resolution or "")):
        if text in NAMED:
            return NAMED[text]
        if (pair := PAIR.search(text)) and min(int(pair[1]), int(pair[2])) >= SMALLEST_PIXELS:
            return _bounded(int(pair[1]), int(pair[2]))
    return None


def _ratio(aspect: str) -> Size | None:
    pair = PAIR.search(aspect)
    return (int(pair[1]), int(pair[2])) if pair and int(pair[1]) and int(pair[2]) else None


def _side(aspect: str, resolution: str) -> int:
    """Of a square of as many pixels: "2K" may stand where the ratio does, "1 MP" where the resolution does."""
    words = [*resolution.split()[:1], aspect.lower()]
    return next((SIDES[word] for word in words if word in SIDES), SIDES["1k"])


def _by_area(ratio: Size, side: float) -> Size:
    width, height = ratio
    return _bounded(side * math.sqrt(width / height) / 8, side * math.sqrt(height / width) / 8, multiple=8)


def _by_short_side(ratio: Size, resolution: str) -> Size:
    digits = resolution.removesuffix("p")
    short = SHORT_SIDES.get(resolution) or (int(digits) if digits.isdecimal() else USUAL_SHORT_SIDE)
    long = round(short * max(ratio) / min(ratio) / 8) * 8
    return (long, short) if ratio[0] >= ratio[1] else (short, long)


def _bounded(width: float, height: float, multiple: int = 1) -> Size:
    return tuple(max(16, min(LARGEST_SIDE, round(side) * multiple)) for side in (width, height))  # type: ignore[return-value]


def size_of(files: Mapping[str, Sequence[bytes]]) -> Size:
    """Of the file that is worked on; (0, 0) where there is none. Raises Unusable."""
    for slot in ("first_frame", "last_frame", "image", "video"):
        for content in files.get(slot, ())[:1]:
            return next(frames(content))[1].size if slot == "video" else picture(content).size
    return 0, 0


def margins(
    content: bytes, size: Size, *, outpaint: Any, canvas: Any, placed_size: Any, placed_at: Any
) -> tuple[int, int, int, int]:
    """What to add to a picture on the left, above, on the right, below.

    canvas, placed_size, placed_at: pairs of pixels. outpaint: "Zoom out 1.5x", "Make square", "Left outpaint". Else
    the picture lies in the middle of the smallest ground of the size's ratio that holds it.
    """
    width, height = picture(content).size
    if isinstance(canvas, list):
        share_x, share_y = (w / h for w, h in zip((width, height), placed_size or (width, height), strict=True))
        left, top = placed_at or ((canvas[0] - width / share_x) / 2, (canvas[1] - height / share_y) / 2)
        added = (canvas[0] * share_x - width, canvas[1] * share_y - height)
        left, top = max(0, round(left * share_x)), max(0, round(top * share_y))
        return left, top, max(0, round(added[0]) - left), max(0, round(added[1]) - top)
    words = str(outpaint or "").lower()
    if zoom := ZOOM.search(words):
        share = (float(zoom[1]) - 1) / 2
        return round(width * share), round(height * share), round(width * share), round(height * share)
    for number, side in enumerate(("left", "top", "right", "bottom")):
        if words.startswith(side):
            sides = [0, 0, 0, 0]
            # The published schema does not say how much; a quarter, as on this machine.
            sides[number] = (width if number % 2 == 0 else height) // 4
            return sides[0], sides[1], sides[2], sides[3]
    ratio = 1.0 if "square" in words else size[0] / size[1]
    wide, tall = max(width, round(height * ratio)), max(height, round(width / ratio))
    left, top = (wide - width) // 2, (tall - height) // 2
    return left, top, wide - width - left, tall - height - top
