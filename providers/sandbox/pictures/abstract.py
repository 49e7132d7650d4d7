"""Abstract compositions: discs, arcs and bars on a calm ground, with a play of grain in their gradients."""

import math

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, mix, rgb
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field

INKS = (rgb("#e4572e"), rgb("#f3a712"), rgb("#29335c"), rgb("#669bbc"), rgb("#a8c686"), rgb("#f0cea0"), rgb("#db2b39"))
PAPERS = (rgb("#f2e8d5"), rgb("#ece4da"), rgb("#e9ede6"), rgb("#1d2233"))


def paint_abstract(canvas: Canvas, light: Light, rng: np.random.Generator, colours: tuple[Colour, ...]) -> None:
    """A large disc, arcs around a corner, bars that cross them."""
    paper = PAPERS[int(rng.integers(len(PAPERS)))]
    inks = [*colours, *(INKS[number] for number in rng.permutation(len(INKS)))][:5]
    canvas.gradient([(0, mix(paper, rgb("#ffffff"), 0.25)), (1, paper)], canvas.height)
    grain = rng.random((canvas.height, canvas.width), dtype=np.float32) - 0.5
    centre = (canvas.width * float(rng.uniform(0.35, 0.65)), canvas.height * float(rng.uniform(0.34, 0.5)))
    _disc(
        canvas,
        grain,
        centre,
        canvas.unit * float(rng.uniform(0.24, 0.32)),
        inks[0],
        inks[1],
        float(rng.uniform(0, 6.3)),
    )
    _arcs(canvas, rng, inks)
    for number in range(3):
        place = (canvas.width * float(rng.uniform(0.12, 0.88)), canvas.height * float(rng.uniform(0.2, 0.85)))
        size = canvas.unit * float(rng.uniform(0.035, 0.11))
        _disc(canvas, grain, place, size, inks[(number + 2) % 5], inks[(number + 3) % 5], float(rng.uniform(0, 6.3)))
    _bars(canvas, grain, rng, inks)


def _shaded(
    canvas: Canvas, grain: Field, angle: float, reach: float, at: tuple[float, float], first: Colour, second: Colour
) -> Field:
    share = ((canvas.x - at[0]) * math.cos(angle) + (canvas.y - at[1]) * math.sin(angle)) / reach * 0.5 + 0.5
    share = (share + grain * 0.3).clip(0, 1)[..., None]
    painted: Field = (first * (1 - share) + second * share).astype(np.float32)
    return painted


def _disc(
    canvas: Canvas, grain: Field, at: tuple[float, float], radius: float, first: Colour, second: Colour, angle: float
) -> None:
    mask = (radius - np.hypot(canvas.x - at[0], canvas.y - at[1])).clip(0, 1)
    canvas.cover(mask, _shaded(canvas, grain, angle, radius, at, first, second))


def _arcs(canvas: Canvas, rng: np.random.Generator, inks: list[Colour]) -> None:
    """Rings around a point on the lower border, each a colour."""
    x, y = canvas.width * float(rng.choice([0.12, 0.3, 0.7, 0.88])), canvas.height * 1.0
    distance = np.hypot(canvas.x - x, canvas.y - y)
    outer = canvas.unit * float(rng.uniform(0.34, 0.5))
    width = outer / 6.5
    for number in range(6):
        edge = outer - number * width
        mask = (edge - distance).clip(0, 1) * (distance - edge + width * 0.62).clip(0, 1)
        canvas.cover(mask, inks[(number + 1) % len(inks)])


def _bars(canvas: Canvas, grain: Field, rng: np.random.Generator, inks: list[Colour]) -> None:
    """Thin lines across everything, and one broad bar that fades."""
    angle = float(rng.uniform(-0.5, 0.5))
    x, y = canvas.width * float(rng.uniform(0.3, 0.7)), canvas.height * float(rng.uniform(0.45, 0.7))
    aside = -(canvas.x - x) * math.sin(angle) + (canvas.y - y) * math.cos(angle)
    along = (canvas.x - x) * math.cos(angle) + (canvas.y - y) * math.sin(angle)
    broad = (canvas.unit * 0.035 - np.abs(aside)).clip(0, 1) * (canvas.unit * 0.42 - np.abs(along)).clip(0, 1)
    canvas.cover(broad, _shaded(canvas, grain, angle, canvas.unit * 0.42, (x, y), inks[2], inks[0]))
    for number in range(4):
        offset = aside - canvas.unit * (0.07 + 0.03 * number)
        thin = (canvas.unit * 0.0022 - np.abs(offset)).clip(0, 1) * (
            canvas.unit * (0.46 - 0.07 * number) - np.abs(along)
        ).clip(0, 1)
        canvas.cover(thin, inks[3])
