"""Pillow's work: crop, resize, another format, more pixels by Lanczos, a mirrored margin. Nothing is invented."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from providers.local import geometry, margins
from providers.local.order import Order
from providers.local.pictures import fitting, flat, opened, written

# Where the kept part lies in what is cut off, across and down.
ANCHORS = {"center": (0.5, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}
# The blur of a margin grows outwards up to this share of the picture's shorter side.
BLUR_SHARE = 12


def crop(order: Order, target: Path) -> None:
    """A part in the ratio asked for, then in the size asked for, then in the format asked for."""
    source = opened(order.file("image"))
    width, height = geometry.cropped(source.size, str(order.settings["aspect_ratio"]))
    across, down = ANCHORS[order.settings["anchor"]]
    left, top = round((source.width - width) * across), round((source.height - height) * down)
    part = source.crop((left, top, left + width, top + height))
    size = fitting(geometry.resized(part.size, str(order.settings["longer_side"])))
    result = part if size == part.size else part.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    written(result, target, order.settings["output_format"], int(order.settings["output_quality"]))


def enlarge(order: Order, target: Path) -> None:
    """Each side so many times longer, by Lanczos."""
    source = opened(order.file("image"))
    scale = int(order.settings["scale"])
    size = fitting((source.width * scale, source.height * scale))
    written(source.resize(size, Image.Resampling.LANCZOS), target, order.settings["output_format"])


def expand(order: Order, target: Path) -> None:
    """The picture, pixel for pixel, within a mirror image of its edges that gets softer outwards."""
    source = flat(opened(order.file("image")))
    left, top, right, bottom = margins.foreseen(order.settings, source.size)
    fitting(margins.around(source.size, (left, top, right, bottom)))
    pixels = np.pad(np.asarray(source), ((top, bottom), (left, right), (0, 0)), mode="symmetric")
    mirrored = Image.fromarray(pixels)
    soft = mirrored.filter(ImageFilter.GaussianBlur(max(1, min(source.size) / BLUR_SHARE)))
    result = Image.composite(soft, mirrored, _outwards(source.size, (left, top, right, bottom)))
    result.paste(source, (left, top))
    written(result, target)


def _outwards(size: geometry.Size, added: geometry.Margins) -> Image.Image:
    """Black on the picture, lighter with the distance from it, white at the far end of the widest margin."""
    left, top, right, bottom = added
    widest = max(1, *added)
    across, down = (_distances(*one) for one in ((left, size[0], right), (top, size[1], bottom)))
    distance = np.maximum(across[None], down[:, None])
    return Image.fromarray((distance * (255 / widest)).clip(0, 255).astype(np.uint8))


def _distances(before: int, length: int, after: int) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """Pixels from the picture, along one axis: 3 2 1 0 0 0 1 2."""
    parts = (np.arange(before, 0, -1), np.zeros(length), np.arange(1, after + 1))
    return np.concatenate(parts).astype(np.float32)
