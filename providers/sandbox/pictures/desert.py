"""Dunes: soft crests with a lit and a shaded flank, ripples in the sand near the viewer."""

import numpy as np

from providers.sandbox.pictures.canvas import FINE, Canvas
from providers.sandbox.pictures.colour import Colour, leaning, mix, rgb
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Line, line, step
from providers.sandbox.pictures.ridges import paint_layer
from providers.sandbox.pictures.sky import Sun


def dune_edge(
    rng: np.random.Generator, canvas: Canvas, base: float, height: float, swings: int
) -> tuple[Line, list[float]]:
    """A crest of long windward and short lee slopes, and where its tops are (pixels)."""
    length = canvas.fine_width
    at = np.linspace(0, 1, length, dtype=np.float32)
    edge = np.full(length, base, np.float32) - height * 0.12 * line(rng, length, swings, 2)
    tops = []
    for number in range(swings):
        middle = (number + float(rng.uniform(0.15, 0.85))) / swings
        reach = float(rng.uniform(0.35, 0.55)) / swings * 1.6
        lean = float(rng.uniform(0.42, 0.6))
        rise = np.where(at < middle, (at - middle) / reach, (at - middle) / (reach * lean))
        hump = height * float(rng.uniform(0.6, 1.0)) * (1 / (1 + 2.2 * rise**2)) ** 1.15
        edge = np.minimum(edge, base - hump)
        tops.append(middle * canvas.width)
    return edge, tops


def _sand(light: Light, depth: float) -> Colour:
    warm = leaning(light.land(depth * 0.62), rgb("#d98d4a"), 0.18 if light.is_dark else 0.55)
    return mix(warm, light.glow, 0.16)


def paint_dunes(canvas: Canvas, light: Light, sun: Sun, rng: np.random.Generator, horizon: float) -> None:
    """Five crests, one behind the other."""
    count = 5
    for number in range(count):
        depth = number / (count - 1)
        base = horizon + (canvas.height - horizon) * (0.12 + 0.95 * depth**1.25)
        height = canvas.unit * (0.07 + 0.19 * depth)
        edge, tops = dune_edge(rng, canvas, base, height, 3 - number // 2 if number else 4)
        paint_layer(canvas, edge, light, sun, depth=depth * 0.8, mist=0.55, colour=_sand(light, depth))
        _shade_flanks(canvas, light, sun, rng, edge, tops, height * 2.4, depth)


def _shade_flanks(
    canvas: Canvas,
    light: Light,
    sun: Sun,
    rng: np.random.Generator,
    edge: Line,
    tops: list[float],
    fall: float,
    depth: float,
) -> None:
    top = max(0, int(edge.min()) - 2)
    rows = slice(top, canvas.height)
    crest = edge[FINE // 2 :: FINE][: canvas.width]
    below = ((canvas.y[rows] - crest[None, :]) / fall).clip(0, 1.4)
    mask = canvas.below(edge, rows)
    side = np.zeros_like(mask)
    for middle in tops:
        # The crest line winds down the dune towards the viewer.
        swing = (line(rng, canvas.height - top, 3, 2) - 0.5)[:, None] * canvas.unit * 0.16
        start = float(crest[int(np.clip(middle, 0, canvas.width - 1))])
        down = ((canvas.y[rows] - start) / fall).clip(0, 2)
        winding = middle + swing * down**0.8 + canvas.unit * 0.1 * down * float(rng.uniform(-1, 1))
        away = (canvas.x - winding) * (1 if sun.x < middle else -1)
        reach = canvas.unit * 0.24
        shaded = step(-1.5, canvas.unit * 0.004 + 1.5, away) * (1 - away / reach).clip(0, 1)
        side = np.maximum(side, shaded * (1 - down * 0.75).clip(0, 1))
    canvas.cover(mask * side * 0.6, leaning(light.land(0.55 + 0.3 * depth), rgb("#7a3b35"), 0.35), top)
    lit = (1 - side) * np.exp(-below * 5) * 0.3
    canvas.cover(mask * lit, mix(light.sun, light.glow, 0.5), top)
    if depth > 0.6:
        waves = np.sin(
            (canvas.y[rows] - crest[None, :] * 0.6) / canvas.unit * 330 + 5 * np.sin(canvas.x / canvas.unit * 9)
        )
        canvas.cover(mask * (waves.clip(0, 1) * 0.05 * (1 - side)).astype(np.float32), light.near, top)
