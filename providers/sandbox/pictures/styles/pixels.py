"""Pixel art: large squares and few colours."""

import numpy as np
from PIL import Image

from providers.sandbox.pictures.canvas import Canvas


def pixels(canvas: Canvas, rng: np.random.Generator) -> None:
    """Over a painted scene: about 160 squares along the longer side, 28 colours."""
    square = max(4, round(max(canvas.width, canvas.height) / 168))
    size = (-(-canvas.width // square), -(-canvas.height // square))
    small = canvas.image().resize(size, Image.Resampling.BOX)
    few = small.quantize(28, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    large = few.resize((size[0] * square, size[1] * square), Image.Resampling.NEAREST)
    canvas.rgb = np.asarray(large.crop((0, 0, canvas.width, canvas.height)), np.float32) / 255
