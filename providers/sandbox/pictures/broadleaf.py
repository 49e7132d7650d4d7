"""A spreading tree: branches that fork, leaves in clusters at their ends."""

import math

import numpy as np
from PIL import ImageDraw

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour

LEVELS = 6
LEAFY_FROM = 3
LEAVES = 16  # at the end of each branch


class _Branches:
    """Grows the wood, and remembers where leaves belong."""

    def __init__(self, pen: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
        self._pen, self._rng = pen, rng
        self.ends: list[tuple[float, float]] = []

    def grow(self, start: tuple[float, float], angle: float, length: float, thick: float, level: int = 0) -> None:
        end = (start[0] + math.sin(angle) * length, start[1] - math.cos(angle) * length)
        half = thick / 2
        self._pen.line([start, end], fill=255, width=max(1, round(thick)))
        self._pen.ellipse([end[0] - half, end[1] - half, end[0] + half, end[1] + half], fill=255)
        if level >= LEAFY_FROM:
            self.ends.append(end)
        if level >= LEVELS:
            return
        for side in (-1, 1):
            bend = side * float(self._rng.uniform(0.22, 0.55)) - angle * 0.12
            self.grow(end, angle + bend, length * float(self._rng.uniform(0.68, 0.86)), thick * 0.68, level + 1)


def paint_broadleaf(
    canvas: Canvas, bark: Colour, leaves: Colour, rng: np.random.Generator, x: float, foot: float, tall: float
) -> None:
    """Standing with its foot at (x, foot), `tall` pixels; bare when the leaf colour is the bark's."""
    box = (int(x - tall * 0.62), int(foot - tall * 1.08), int(tall * 1.24), int(tall * 1.1))
    ends: list[tuple[float, float]] = []

    def draw_wood(pen: ImageDraw.ImageDraw, scale: float) -> None:
        branches = _Branches(pen, rng)
        root = ((x - box[0]) * scale, (foot - box[1]) * scale)
        branches.grow(root, float(rng.uniform(-0.08, 0.08)), tall * 0.24 * scale, tall * 0.062 * scale)
        ends.extend(branches.ends)

    def draw_leaves(pen: ImageDraw.ImageDraw, scale: float) -> None:
        spread = tall * 0.05 * scale
        for end_x, end_y in ends:
            for _ in range(LEAVES):
                at_x, at_y = end_x + rng.normal(0, spread), end_y + rng.normal(0, spread * 0.8)
                wide = tall * float(rng.uniform(0.01, 0.024)) * scale
                level = int(rng.integers(120, 255))
                pen.ellipse([at_x - wide, at_y - wide * 0.7, at_x + wide, at_y + wide * 0.7], fill=level)

    canvas.cover(canvas.drawn(box, draw_wood), bark, box[1], box[0])
    if np.array_equal(bark, leaves):
        return
    crown = canvas.drawn(box, draw_leaves)
    canvas.cover(crown, leaves, box[1], box[0])
    lit_from_above = np.linspace(1, 0, crown.shape[0], dtype=np.float32)[:, None]
    canvas.glow(crown * lit_from_above * 0.25, leaves, box[1], box[0])
