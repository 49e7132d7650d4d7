"""Watercolour: edges that run, pigment that settles at them and in the paper's grain, a border left white."""

import numpy as np
from PIL import Image, ImageFilter

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import rgb
from providers.sandbox.pictures.noise import Field, field, step
from providers.sandbox.pictures.styles.edges import blurred, brightness

PAPER = rgb("#fbf7ee")


def _run(canvas: Canvas, rng: np.random.Generator) -> None:
    """Lets the paint wander a little."""
    size = (canvas.width, canvas.height)
    reach = canvas.unit * 0.016
    across, down = (((field(rng, size, (22, 22), 3, 0.6) - 0.5) * reach).astype(np.int32) for _ in range(2))
    columns = (np.arange(canvas.width)[None, :] + across).clip(0, canvas.width - 1)
    rows = (np.arange(canvas.height)[:, None] + down).clip(0, canvas.height - 1)
    moved = Image.fromarray((canvas.rgb.clip(0, 1)[rows, columns] * 255).astype(np.uint8))
    small = moved.resize((canvas.width // 2, canvas.height // 2), Image.Resampling.BOX)
    flat = small.filter(ImageFilter.MedianFilter(5)).resize(size, Image.Resampling.BICUBIC)
    canvas.rgb = np.asarray(flat, np.float32) / 255


def _paper(canvas: Canvas, rng: np.random.Generator) -> Field:
    rough = blurred(rng.random((canvas.height, canvas.width), dtype=np.float32), 0.8)
    return rough - np.roll(np.roll(rough, 1, axis=0), 1, axis=1)


def watercolour(canvas: Canvas, rng: np.random.Generator) -> None:
    """Over a painted scene."""
    _run(canvas, rng)
    size = (canvas.width, canvas.height)
    pools = field(rng, size, (4, 4), 4)
    # Transparent paint: the paper shines through, most where the water pooled.
    thin = (0.17 + 0.34 * pools)[..., None]
    canvas.rgb = canvas.rgb * (1 - thin) + PAPER * thin
    tone = brightness(canvas)
    edge = np.abs(tone - blurred(tone, canvas.unit * 0.005)) * 2.6
    canvas.rgb -= (edge.clip(0, 0.22))[..., None] * (1.05 - canvas.rgb)
    grain = _paper(canvas, rng)
    settled = (1 - tone)[..., None]
    canvas.rgb += (grain * 0.42)[..., None] * (0.12 + 0.9 * settled)
    _border(canvas, rng)


def _border(canvas: Canvas, rng: np.random.Generator) -> None:
    """Paint stops short of the edge, unevenly."""
    width = canvas.unit * 0.04
    near = np.minimum(
        np.minimum(canvas.x, canvas.width - 1 - canvas.x), np.minimum(canvas.y, canvas.height - 1 - canvas.y)
    )
    torn = field(rng, (canvas.width, canvas.height), (14, 14), 4, 0.6)
    edge = near - width * (0.25 + 1.3 * torn)
    bare = step(width * 0.08, -width * 0.08, edge)
    line = np.exp(-((edge / (canvas.unit * 0.0035)) ** 2)) * (edge > -2) * 0.2
    canvas.rgb *= (1 - line)[..., None]
    canvas.cover(bare.astype(np.float32), PAPER)
