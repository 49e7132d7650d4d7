"""How large a result will be. The catalogue foretells sizes by the same functions that the work obeys."""

import math
import re

Size = tuple[int, int]
Margins = tuple[int, int, int, int]
RATIO = re.compile(r"(\d{1,3}):(\d{1,3})")
# What a side is expanded by, as a share of the picture's own width or height.
SHARE = 4
ZOOMS = {"zoom_out_1_5": 1.5, "zoom_out_2": 2.0}
MULTIPLE = 8


def cropped(source: Size, ratio: str) -> Size:
    """The largest part of the source that has the ratio; "auto" and the like leave it whole."""
    found = RATIO.fullmatch(ratio)
    if not found or not int(found[1]) or not int(found[2]):
        return source
    across, down = int(found[1]), int(found[2])
    width, height = source
    if width * down > height * across:
        return max(1, round(height * across / down)), height
    return width, max(1, round(width * down / across))


def resized(size: Size, longer_side: str) -> Size:
    """The same shape with a longer side of so many pixels; without a number as it is."""
    if not longer_side.isdecimal():
        return size
    share = int(longer_side) / max(size)
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def margins(source: Size, where: str) -> Margins:
    """Pixels that are added to the left, at the top, to the right and at the bottom."""
    width, height = source
    if zoom := ZOOMS.get(where):
        across, down = round(width * zoom) - width, round(height * zoom) - height
        return across // 2, down // 2, across - across // 2, down - down // 2
    if where == "make_square":
        return shaped(source, "1:1")
    sides = {"left": width // SHARE, "top": height // SHARE, "right": width // SHARE, "bottom": height // SHARE}
    left, top, right, bottom = (pixels if side == where else 0 for side, pixels in sides.items())
    return left, top, right, bottom


def shaped(source: Size, ratio: str) -> Margins:
    """Margins of the smallest frame of a ratio round the source, which stands in its middle; none without a ratio."""
    found = RATIO.fullmatch(ratio)
    if not found or not int(found[1]) or not int(found[2]):
        return 0, 0, 0, 0
    width, height = source
    across = max(0, round(height * int(found[1]) / int(found[2])) - width)
    down = max(0, round(width * int(found[2]) / int(found[1])) - height)
    return across // 2, down // 2, across - across // 2, down - down // 2


def filmed(source: Size, short_side: int) -> Size:
    """A frame with the source's shape, as encoders like it: its longer side is a multiple of eight."""
    longer = max(MULTIPLE, round(short_side * max(source) / min(source) / MULTIPLE) * MULTIPLE)
    return (longer, short_side) if source[0] >= source[1] else (short_side, longer)


def pixels(size: Size) -> int:
    return math.prod(size)
