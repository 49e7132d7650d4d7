"""A flower seen close: rings of petals with light and veins, before a soft ground of discs of light."""

import math

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, mix, turned
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field, step


def paint_bokeh(canvas: Canvas, colours: list[Colour], rng: np.random.Generator, count: int = 26) -> None:
    """Discs of light out of focus."""
    for _ in range(count):
        radius = canvas.unit * float(rng.uniform(0.02, 0.085))
        x, y = float(rng.random()) * canvas.width, float(rng.random()) * canvas.height
        left, top = max(0, int(x - radius - 3)), max(0, int(y - radius - 3))
        right, bottom = min(canvas.width, int(x + radius + 3)), min(canvas.height, int(y + radius + 3))
        distance = np.hypot(canvas.x[:, left:right] - x, canvas.y[top:bottom] - y) / radius
        disc = (step(1.0, 0.93, distance) * (0.55 + 0.45 * step(0.6, 1.0, distance))).astype(np.float32)
        canvas.glow(disc * float(rng.uniform(0.08, 0.26)), colours[int(rng.integers(len(colours)))], top, left)


def paint_stem(canvas: Canvas, colour: Colour, x: float, y: float, bend: float) -> None:
    """From the blossom down, bending to one side."""
    rows = slice(int(max(0, y)), canvas.height)
    along = (canvas.y[rows] - y) / max(1.0, canvas.height - y)
    middle = x + bend * along**1.6
    thick = canvas.unit * (0.008 + 0.004 * along)
    distance = np.abs(canvas.x - middle)
    mask = ((thick - distance) / 1.5 + 0.5).clip(0, 1)
    side = ((canvas.x - middle) / thick * 0.5 + 0.5).clip(0, 1)[..., None]
    tone = mix(colour, colour * 0.35, 0.6) * (1 - side) + colour * side
    canvas.cover(mask.astype(np.float32), tone.astype(np.float32), rows.start)


def paint_blossom(
    canvas: Canvas, light: Light, rng: np.random.Generator, x: float, y: float, radius: float, petal: Colour, heart: Colour
) -> None:
    """A blossom of three rings of petals around a seeded heart."""
    reach = int(radius * 1.12)
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    right, bottom = min(canvas.width, int(x) + reach), min(canvas.height, int(y) + reach)
    if right <= left or bottom <= top:
        return
    across = (canvas.x[:, left:right] - x) / radius
    down = (canvas.y[top:bottom] - y) / radius / 0.94
    turn = float(rng.uniform(0, 2 * math.pi))
    count = int(rng.integers(8, 15))
    wide = float(rng.uniform(1.15, 1.5)) * math.pi / count
    for ring, size in enumerate((1.0, 0.8, 0.58)):
        for number in range(count - 2 * ring):
            angle = turn + ring * 0.4 + 2 * math.pi * number / (count - 2 * ring) + float(rng.normal(0, 0.05))
            _petal(canvas, light, rng, across, down, angle, size * float(rng.uniform(0.9, 1.05)), wide * size, petal, ring, top, left)
    _heart(canvas, rng, across, down, heart, top, left)


def _petal(
    canvas: Canvas, light: Light, rng: np.random.Generator, across: Field, down: Field, angle: float, length: float,
    wide: float, colour: Colour, ring: int, top: int, left: int,
) -> None:  # fmt: skip
    along = across * math.cos(angle) + down * math.sin(angle)
    aside = -across * math.sin(angle) + down * math.cos(angle)
    # Only the part of the picture this petal can touch.
    rows = np.flatnonzero((along > 0).any(axis=1))
    columns = np.flatnonzero((along > 0).any(axis=0))
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    along, aside = along[part] / length, aside[part] / length
    bend = aside + 0.06 * np.sin(along * 3 + angle)
    half = wide * np.sqrt(along.clip(0, 1)) * (1 - along.clip(0, 1) ** 3.2) ** 0.8
    blur = 3.0 / (canvas.unit * 0.3)
    mask = ((half - np.abs(bend)) / blur).clip(0, 1) * (along > 0.02)
    veins = 0.05 * np.cos(bend / (wide + 1e-6) * 26) * (1 - np.abs(bend) / (half + 1e-3)).clip(0, 1)
    tone = 0.5 + 0.42 * along.clip(0, 1) - 0.18 * (np.abs(bend) / (half + 1e-3)).clip(0, 1) ** 2 + veins
    tone += 0.12 * math.cos(angle + 2.2) + 0.07 * ring + float(rng.uniform(-0.05, 0.05))
    tone = tone.clip(0, 1)[..., None]
    dark = turned(mix(colour, light.near, 0.45), -0.15)
    bright = mix(colour, light.sun, 0.45)
    painted = np.where(tone < 0.5, dark + (colour - dark) * tone * 2, colour + (bright - colour) * (tone * 2 - 1))
    shadow = ((half + 0.05 - np.abs(bend)) / 0.08).clip(0, 1) * (along > 0.02) * (along < 1.02) * 0.22
    canvas.cover(shadow.astype(np.float32), dark * 0.6, top + int(rows[0]), left + int(columns[0]))
    canvas.cover(mask.astype(np.float32), painted.astype(np.float32), top + int(rows[0]), left + int(columns[0]))


def _heart(canvas: Canvas, rng: np.random.Generator, across: Field, down: Field, heart: Colour, top: int, left: int) -> None:
    distance = np.hypot(across, down)
    core = step(0.235, 0.215, distance)
    shade = (0.45 + 0.55 * (1 - distance / 0.23).clip(0, 1))[..., None]
    canvas.cover(core.astype(np.float32), (heart * shade).astype(np.float32), top, left)
    seeds = np.zeros_like(distance)
    for number in range(150):
        # Seeds stand in Fermat's spiral, as in a sunflower.
        angle, reach = number * 2.39996, 0.017 * math.sqrt(number)
        near = (across - reach * math.cos(angle)) ** 2 + (down - reach * math.sin(angle)) ** 2
        seeds = np.maximum(seeds, np.exp(-near * 16000)) if number % 2 else seeds
    canvas.cover((seeds * 0.7).astype(np.float32), mix(heart, np.ones(3, np.float32), 0.55), top, left)
