"""How large a picture will be, before it is there, so that its card has its place. What it became, the file tells.

flux: sizes of the Flux family at one megapixel, as its model pages document them; a quarter of a megapixel halves
each side. area: about as many pixels as the resolution says, in the ratio asked for. video: the same by the short
side. source: as large as the file that is worked on, times the scale asked for. crop, margins: exactly what the work on
this machine makes of the file. Margins in pixels say the size of any family.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from providers.local import geometry, margins

Frame = tuple[int, int]
FLUX: dict[str, Frame] = {
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
# The square root of how many pixels a resolution stands for.
SIDES = {
    "512": 512,
    "1k": 1024,
    "1.5k": 1536,
    "2k": 2048,
    "3k": 3072,
    "4k": 4096,
    "1": 1024,
    "0.25": 512,
    "0.5": 724,
    "2": 1448,
    "4": 2048,
}
SHORT_SIDES = {"4k": 2160, "2k": 1440, "1k": 1080}
USUAL_SIDE, USUAL_SHORT_SIDE = 1024, 720
MULTIPLE = 8
PAIR = re.compile(r"(\d{1,5})\s*[x×:*_]\s*(\d{1,5})")
NAMED = {"square": (1, 1), "square_hd": (1, 1)}
RATIO_NAMES = ("aspect_ratio", "image_size", "size")
RESOLUTION_NAMES = ("resolution", "image_size", "size", "megapixels", "quality")


def expected(family: str, cleaned: Mapping[str, Any], source: Frame | None = None) -> Frame:
    """Width and height in pixels for cleaned settings: the ones asked for, else as the family has it."""
    width, height = cleaned.get("width"), cleaned.get("height")
    if width and height:
        return int(width), int(height)
    if source and (drawn := margins.given(cleaned)) is not None:
        return margins.around(source, drawn)
    return FRAMES[family](cleaned, source)


def _flux(cleaned: Mapping[str, Any], source: Frame | None) -> Frame:
    ratio = str(cleaned.get("aspect_ratio"))
    if ratio not in FLUX and source:
        return _area(cleaned, source)
    width, height = FLUX.get(ratio, FLUX["1:1"])
    return (width // 2, height // 2) if cleaned.get("megapixels") == "0.25" else (width, height)


def _area(cleaned: Mapping[str, Any], source: Frame | None) -> Frame:
    for name in ("image_size", "size", "resolution"):
        found = PAIR.search(str(cleaned.get(name, "")))
        if found and int(found[1]) > 100 and int(found[2]) > 100:  # noqa: PLR2004  (pixels, not a ratio)
            return int(found[1]), int(found[2])
    side = next((SIDES[key] for key in _resolutions(cleaned) if key in SIDES), USUAL_SIDE)
    width, height = _ratio(cleaned, source, (1, 1))
    return _round(side * math.sqrt(width / height)), _round(side * math.sqrt(height / width))


def _video(cleaned: Mapping[str, Any], source: Frame | None) -> Frame:
    width, height = _ratio(cleaned, source, (16, 9))
    short = USUAL_SHORT_SIDE
    for key in _resolutions(cleaned):
        if key in SHORT_SIDES or key.removesuffix("p").isdigit():
            short = SHORT_SIDES.get(key) or int(key.removesuffix("p"))
            break
    long = _round(short * max(width, height) / min(width, height))
    return (long, short) if width >= height else (short, long)


def _source(cleaned: Mapping[str, Any], source: Frame | None) -> Frame:
    width, height = source or (USUAL_SIDE, USUAL_SIDE)
    scale = float(str(cleaned.get("scale") or 1).rstrip("x"))
    return round(width * scale), round(height * scale)


def _crop(cleaned: Mapping[str, Any], source: Frame | None) -> Frame:
    part = geometry.cropped(source or (USUAL_SIDE, USUAL_SIDE), str(cleaned["aspect_ratio"]))
    return geometry.resized(part, str(cleaned["longer_side"]))


def _margins(cleaned: Mapping[str, Any], source: Frame | None) -> Frame:
    given = source or (USUAL_SIDE, USUAL_SIDE)
    return margins.around(given, margins.foreseen(cleaned, given))


def _ratio(cleaned: Mapping[str, Any], source: Frame | None, usual: Frame) -> Frame:
    """What was asked for; "auto" and the like mean the source's."""
    for name in RATIO_NAMES:
        value = str(cleaned.get(name, ""))
        if value in NAMED:
            return NAMED[value]
        if (found := PAIR.search(value)) and int(found[1]) and int(found[2]):
            width, height = int(found[1]), int(found[2])
            return (height, width) if value.startswith("portrait") and width > height else (width, height)
    return source or usual


def _resolutions(cleaned: Mapping[str, Any]) -> list[str]:
    return [str(cleaned[name]).lower().split()[0] for name in RESOLUTION_NAMES if cleaned.get(name)]


def _round(pixels: float) -> int:
    return max(MULTIPLE, round(pixels / MULTIPLE) * MULTIPLE)


FRAMES: dict[str, Callable[[Mapping[str, Any], Frame | None], Frame]] = {
    "flux": _flux,
    "area": _area,
    "video": _video,
    "source": _source,
    "crop": _crop,
    "margins": _margins,
}
