"""The mark every picture carries: made by the sandbox, not by the model it was asked from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageStat

TEXT = "sandbox"


def _letters(size: tuple[int, int]) -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, int]:
    height = max(11, round((size[0] * size[1]) ** 0.5 / 66))
    return ImageFont.load_default(height), height  # Pillow's own: the machine may have none


def paint_mark(picture: Image.Image) -> Image.Image:
    """A small word in the lower right corner, light on dark and dark on light; what is transparent stays so."""
    font, size = _letters(picture.size)
    left, top, right, bottom = font.getbbox(TEXT)
    x, y = picture.width - (right - left) - size, picture.height - (bottom - top) - size
    around = picture.crop((max(0, x - size // 2), max(0, y - size // 2), picture.width, picture.height)).convert("L")
    is_light = ImageStat.Stat(around).mean[0] > 140
    ink = (20, 22, 28, 190) if is_light else (255, 255, 255, 205)
    shade = (255, 255, 255, 90) if is_light else (0, 0, 0, 110)
    layer = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(layer)
    pen.text((x - left + 1, y - top + 1), TEXT, shade, font)
    pen.text((x - left, y - top), TEXT, ink, font)
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert(picture.mode)


def mark_mask(size: tuple[int, int]) -> NDArray[np.floating[Any]]:
    """The word as strengths from 0 to 1, to be laid into the lower right corner of a picture of that size."""
    font, height = _letters(size)
    left, top, right, bottom = font.getbbox(TEXT)
    image = Image.new("L", (min(size[0], int(right - left) + height), min(size[1], int(bottom - top) + height)))
    ImageDraw.Draw(image).text((-left, -top), TEXT, 205, font)
    return np.asarray(image, np.float32) / 255
