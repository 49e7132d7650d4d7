"""Changes of shape: a wider view around a picture, more pixels for it, its ground taken away."""

import numpy as np
from PIL import Image, ImageColor, ImageFilter

from providers.sandbox.pictures.mark import paint_mark
from providers.sandbox.work.order import Order
from providers.sandbox.work.scenes import scene
from providers.sandbox.work.sources import asked_size, covering, first, flat

MOST_PIXELS = 36_000_000
SMALL = 192  # side at which the ground is looked for
GROUND_COLOURS = 6


def expand(order: Order, index: int) -> Image.Image:
    """The picture, pixel for pixel, within a larger scene of the words; without margins a quarter on each side."""
    source = flat(first(order, "image"))
    width, height = source.size
    margins = order.margins if any(order.margins) else (width // 4, height // 4, width // 4, height // 4)
    left, top, right, bottom = (max(0, margin) for margin in margins)
    size = (width + left + right, height + top + bottom)
    around = covering(source, size).filter(ImageFilter.GaussianBlur(max(size) / 40))
    drawn = Image.blend(scene(order.prompt, order.seed + index, size), around, 0.35)
    drawn = paint_mark(drawn)
    drawn.paste(source, (left, top))
    return drawn


def upscale(order: Order, index: int) -> Image.Image:
    """`scale` times the pixels a side, or the size asked for; sharpened."""
    del index
    source = flat(first(order, "image"))
    width, height = asked_size(order, source)
    if (width, height) == source.size:
        width, height = round(width * order.scale), round(height * order.scale)
    share = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    size = (max(1, int(width * share)), max(1, int(height * share)))
    larger = source.resize(size, Image.Resampling.LANCZOS)
    return paint_mark(larger.filter(ImageFilter.UnsharpMask(radius=max(1, larger.width / source.width), percent=90)))


def remove_background(order: Order, index: int) -> Image.Image:
    """The picture without all that has the colours of its border: transparent there, or of the colour asked for."""
    del index
    source = flat(first(order, "image"))
    source.putalpha(_matte(source))
    if (ground := _colour(order.background)) is None:
        return paint_mark(source)
    filled = Image.new("RGB", source.size, ground)
    filled.paste(source, mask=source.getchannel("A"))
    return paint_mark(filled)


def _colour(name: str) -> tuple[int, ...] | None:
    try:
        return ImageColor.getrgb(name)
    except ValueError:
        return None  # "rgba", "transparent", "auto"


def _matte(source: Image.Image) -> Image.Image:
    """How much of each pixel is in front: what differs from the colours along the border, more so in the middle."""
    small = np.asarray(source.resize((SMALL, SMALL), Image.Resampling.BOX), np.float32)
    border = np.concatenate([small[:4].reshape(-1, 3), small[-4:].reshape(-1, 3), small[:, :4].reshape(-1, 3)])
    border = np.concatenate([border, small[:, -4:].reshape(-1, 3)])
    strip = Image.fromarray(border.astype(np.uint8)[None])
    palette = strip.quantize(GROUND_COLOURS).getpalette() or [0, 0, 0]
    grounds = np.array(palette[: GROUND_COLOURS * 3], np.float32).reshape(-1, 3)
    distance = np.sqrt(((small[:, :, None] - grounds) ** 2).sum(axis=3)).min(axis=2)
    across = np.linspace(-1, 1, SMALL, dtype=np.float32)
    distance = distance * (1.25 - 0.5 * np.hypot(across[None], across[:, None]))
    threshold = max(18.0, float(distance.mean()))
    matte = Image.fromarray(((distance - threshold) * 6 + 128).clip(0, 255).astype(np.uint8))
    return matte.filter(ImageFilter.MedianFilter(5)).resize(source.size, Image.Resampling.BICUBIC)


def convert(order: Order, index: int) -> Image.Image:
    """The same picture, in the size and format asked for."""
    del index
    source = first(order, "image")
    return paint_mark(covering(source, asked_size(order, source)))
