"""Space: a field of stars, clouds of gas, a planet with its shadow and perhaps a ring."""

import math

import numpy as np
from PIL import Image

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, mix, rgb, turned
from providers.sandbox.pictures.noise import Field, field, step
from providers.sandbox.pictures.sky import paint_stars

HUES = (rgb("#3f6fd8"), rgb("#b0479a"), rgb("#2aa6a0"), rgb("#d9743f"), rgb("#7a55d6"))


def paint_nebula(canvas: Canvas, rng: np.random.Generator, colours: tuple[Colour, ...]) -> None:
    """Dark ground, two clouds of gas of different colour, stars over them."""
    canvas.gradient([(0, rgb("#05060f")), (0.6, rgb("#0a0b1f")), (1, rgb("#05050d"))], canvas.height)
    own = [HUES[int(rng.integers(len(HUES)))] for _ in range(2)]
    chosen = [*colours, *own][:2]
    half = (canvas.width // 2, canvas.height // 2)
    for colour in chosen:
        gas = field(rng, half, (3, 3), 6, 0.55)
        where = field(rng, half, (2, 2), 2)
        cloud = step(0.42, 0.95, gas) * step(0.3, 0.8, where)
        full = np.asarray(
            Image.fromarray(cloud.astype(np.float32)).resize((canvas.width, canvas.height), Image.Resampling.BICUBIC)
        )
        canvas.glow((full * 0.75).clip(0, 1), colour)
        canvas.glow((full.clip(0, 1) ** 3 * 0.7).clip(0, 1), mix(colour, rgb("#ffffff"), 0.6))
    paint_stars(canvas, canvas.height, rng, density=1.7)


def _sphere(canvas: Canvas, x: float, y: float, radius: float) -> tuple[tuple[int, int], Field, Field, Field]:
    left, top = max(0, int(x - radius - 2)), max(0, int(y - radius - 2))
    right, bottom = min(canvas.width, int(x + radius + 3)), min(canvas.height, int(y + radius + 3))
    across, down = (canvas.x[:, left:right] - x) / radius, (canvas.y[top:bottom] - y) / radius
    return (top, left), across, down, np.hypot(across, down)


def paint_planet(
    canvas: Canvas, rng: np.random.Generator, x: float, y: float, radius: float, colour: Colour, *, ringed: bool
) -> None:
    """A banded globe lit from one side, with air at its rim."""
    tilt = float(rng.uniform(-0.45, 0.45))
    if ringed:
        _paint_ring(canvas, x, y, radius, colour, tilt, behind=True)
    (top, left), across, down, distance = _sphere(canvas, x, y, radius)
    depth = np.sqrt((1 - distance**2).clip(0, 1))
    latitude = down * math.cos(tilt) - across * math.sin(tilt)
    swirl = field(rng, (distance.shape[1], distance.shape[0]), (5, 7), 4)
    bands = 0.5 + 0.5 * np.sin(latitude * 11 + swirl * 3.2 + np.cos(latitude * 5) * 2)
    tone = (0.25 * bands + 0.75 * bands * swirl)[..., None]
    surface = turned(colour, 0.25, lightness=0.72) * (1 - tone) + mix(colour, rgb("#fff4e0"), 0.45) * tone
    light = (-0.62 * across - 0.42 * down + 0.66 * depth).clip(0, 1) ** 0.85
    painted = surface * (0.03 + 1.05 * light[..., None])
    rim = (1 - depth) ** 2.6 * light
    painted = painted + rim[..., None] * mix(colour, rgb("#ffffff"), 0.5) * 0.8
    mask = ((1 - distance) * radius / 1.5 + 0.5).clip(0, 1)
    canvas.cover(mask, painted.clip(0, 1).astype(np.float32), top, left)
    air = np.exp(-((np.hypot(canvas.x - x, canvas.y - y) / radius - 1).clip(0, 9)) * 9)
    lit = (0.5 - 0.5 * ((canvas.x - x) * 0.62 + (canvas.y - y) * 0.42) / radius).clip(0, 1)
    outside = np.hypot(canvas.x - x, canvas.y - y) > radius
    canvas.glow((air * lit * outside * 0.5).astype(np.float32), colour)
    if ringed:
        _paint_ring(canvas, x, y, radius, colour, tilt, behind=False)


def _paint_ring(
    canvas: Canvas, x: float, y: float, radius: float, colour: Colour, tilt: float, *, behind: bool
) -> None:
    (top, left), across, down, _ = _sphere(canvas, x, y, radius * 2.3)
    across, down = across * 2.3, down * 2.3
    along = across * math.cos(tilt) + down * math.sin(tilt)
    aside = (down * math.cos(tilt) - across * math.sin(tilt)) / 0.24
    distance = np.hypot(along, aside)
    band = step(1.28, 1.32, distance) * step(2.2, 2.14, distance)
    gaps = 0.55 + 0.45 * np.sin(distance * 34) * np.sin(distance * 13 + 1)
    gaps = gaps * (1 - 0.85 * np.exp(-(((distance - 1.82) / 0.035) ** 2)))
    half = aside < 0 if behind else aside >= 0
    # The globe's shadow falls on the far half.
    shaded = (along > 0.1) & (np.abs(aside) * 0.24 < 0.55) if behind else np.zeros_like(half)
    mask = band * gaps.clip(0, 1) * half * (0.85 - 0.68 * shaded)
    canvas.cover(mask.astype(np.float32), mix(colour, rgb("#ffeed0"), 0.6) * 0.9, top, left)
