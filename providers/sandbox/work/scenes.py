"""Drawn scenes at any size: what is larger than the brush is quick at is drawn smaller and enlarged."""

import math

from PIL import Image

from providers.sandbox.pictures.draw import compose
from providers.sandbox.work.sources import Size

LARGEST_DRAWN_PIXELS = 2_400_000
SMALLEST_SIDE = 16


def scene(prompt: str, seed: int, size: Size) -> Image.Image:
    """The scene of the words, without the mark."""
    width, height = (max(SMALLEST_SIDE, side) for side in size)
    share = min(1.0, math.sqrt(LARGEST_DRAWN_PIXELS / (width * height)))
    drawn = compose(prompt, seed, (max(SMALLEST_SIDE, int(width * share)), max(SMALLEST_SIDE, int(height * share))))
    return drawn if drawn.size == size else drawn.resize(size, Image.Resampling.BICUBIC)
