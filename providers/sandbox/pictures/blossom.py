"""A flower seen close: rings of petals with light and veins, before a soft ground of discs of light."""

import math

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, mix
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field, step
from providers.sandbox.pictures.petals import Petal, paint_petal


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
    along = ((canvas.y[rows] - y) / max(1.0, canvas.height - y)).clip(0, 1)
    middle = x + bend * along**1.6
    thick = canvas.unit * (0.008 + 0.004 * along)
    distance = np.abs(canvas.x - middle)
    mask = ((thick - distance) / 1.5 + 0.5).clip(0, 1)
    side = ((canvas.x - middle) / thick * 0.5 + 0.5).clip(0, 1)[..., None]
    tone = mix(colour, colour * 0.35, 0.6) * (1 - side) + colour * side
    canvas.cover(mask.astype(np.float32), tone.astype(np.float32), rows.start)


def paint_blossom(
    canvas: Canvas,
    light: Light,
    rng: np.random.Generator,
    x: float,
    y: float,
    radius: float,
    petal: Colour,
    heart: Colour,
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
            shape = Petal(
                x=x,
                y=y,
                radius=radius,
                angle=angle,
                length=size * float(rng.uniform(0.9, 1.05)),
                width=wide * size,
                brightness=0.07 * ring + float(rng.uniform(-0.05, 0.05)),
            )
            paint_petal(canvas, light, shape, petal)
    _heart(canvas, across, down, heart, top, left)


def _heart(canvas: Canvas, across: Field, down: Field, heart: Colour, top: int, left: int) -> None:
    middle = np.s_[slice(*_span(down[:, 0])), slice(*_span(across[0]))]
    top, left = top + middle[0].start, left + middle[1].start
    across, down = across[:, middle[1]], down[middle[0]]
    distance = np.hypot(across, down)
    core = step(0.235, 0.215, distance)
    shade = (0.45 + 0.55 * (1 - distance / 0.23).clip(0, 1))[..., None]
    canvas.cover(core.astype(np.float32), (heart * shade).astype(np.float32), top, left)
    seeds = np.zeros_like(distance)
    for number in range(1, 150, 2):
        # Seeds stand in Fermat's spiral, as in a sunflower.
        angle, reach = number * 2.39996, 0.017 * math.sqrt(number)
        near = (across - reach * math.cos(angle)) ** 2 + (down - reach * math.sin(angle)) ** 2
        np.maximum(seeds, np.exp(-near * 16000), out=seeds)
    canvas.cover((seeds * 0.7).astype(np.float32), mix(heart, np.ones(3, np.float32), 0.55), top, left)


def _span(places: Field) -> tuple[int, int]:
    """The part of a line that lies within the heart."""
    inside = np.flatnonzero(np.abs(places) < 0.26)
    return int(inside[0]), int(inside[-1]) + 1
