"""A skyline in layers: towers of many kinds in the haze, windows that are lit when it is dark."""

import numpy as np

from providers.sandbox.pictures.canvas import FINE, Canvas
from providers.sandbox.pictures.colour import Colour, mix, rgb
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Line
from providers.sandbox.pictures.ridges import paint_layer
from providers.sandbox.pictures.sky import Sun

Tower = tuple[int, int, int]  # left, right, top in pixels

LAMPS = (rgb("#ffd894"), rgb("#ffbf66"), rgb("#fff0cc"), rgb("#a9d4ff"))


def skyline(rng: np.random.Generator, canvas: Canvas, base: float, height: float) -> tuple[Line, list[Tower]]:
    """The edge of a row of towers standing on `base`, the tallest near one place, and the towers themselves."""
    edge = np.full(canvas.fine_width, base, np.float32)
    towers = []
    centre, spread = float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.18, 0.3))
    at = -canvas.unit * 0.03
    while at < canvas.width:
        wide = canvas.unit * float(rng.uniform(0.028, 0.075))
        near_centre = np.exp(-(((at / canvas.width - centre) / spread) ** 2))
        tall = height * (0.22 + 0.5 * near_centre * float(rng.uniform(0.55, 1.0)) + 0.28 * float(rng.random()) ** 2)
        left, right, top = int(at), int(at + wide), int(base - tall)
        _raise(edge, rng, left, right, top, tall)
        towers.append((left, right, top))
        at += wide * float(rng.uniform(0.72, 1.12))
    return edge, towers


def _raise(edge: Line, rng: np.random.Generator, left: int, right: int, top: int, tall: float) -> None:
    def lift(start: float, end: float, height: float) -> None:
        part = slice(max(0, int(start * FINE)), max(0, int(end * FINE)))
        np.minimum(edge[part], height, out=edge[part])

    lift(left, right, top)
    wide, kind = right - left, int(rng.integers(7))
    if kind == 0:  # a mast
        middle = (left + right) / 2
        lift(middle - 1, middle + 1, top - tall * 0.16)
    elif kind == 1:  # set back twice
        lift(left + wide * 0.18, right - wide * 0.18, top - tall * 0.07)
        lift(left + wide * 0.36, right - wide * 0.36, top - tall * 0.14)
    elif kind == 2:  # a slanted roof
        for step in range(wide):
            lift(left + step, left + step + 1, top - tall * 0.09 * step / wide)
    elif kind == 3:  # a spire
        for step in range(wide):
            lift(left + step, left + step + 1, top - tall * 0.2 * max(0.0, 1 - abs(2 * step / wide - 1) * 1.6))


def paint_windows(
    canvas: Canvas, towers: list[Tower], edge: Line, rng: np.random.Generator, share: float, size: float
) -> None:
    """Lights up about `share` of the windows of a painted row of towers; `size` in pixels."""
    step_x, step_y = max(4, int(size * 2.1)), max(5, int(size * 2.7))
    wide, tall = max(2, int(size)), max(2, int(size * 1.35))
    for left, right, top in towers:
        lamp: Colour = LAMPS[int(rng.integers(len(LAMPS)))]
        busy = share * float(rng.uniform(0.3, 1.5))
        for x in range(max(2, left + step_x // 2), min(right - wide, canvas.width - wide - 1), step_x):
            crest = edge[min(len(edge) - 1, x * FINE)]
            lit = rng.random(max(0, (canvas.height - top) // step_y + 1)) < busy
            for number, is_lit in enumerate(lit):
                y = top + step_y // 2 + number * step_y
                if is_lit and y > crest + 2 and y + tall < canvas.height:
                    canvas.rgb[y : y + tall, x : x + wide] = mix(lamp, canvas.rgb[y, x], float(rng.uniform(0.0, 0.45)))


def paint_city(canvas: Canvas, light: Light, sun: Sun, rng: np.random.Generator, ground: float) -> None:
    """Four rows of towers, the last one dark and near."""
    for number, depth in enumerate((0.05, 0.32, 0.62, 1.0)):
        base = ground + canvas.unit * 0.05 * number
        edge, towers = skyline(rng, canvas, base, canvas.unit * (0.44 - 0.05 * number))
        paint_layer(canvas, edge, light, sun, depth=depth * 0.92, mist=0.9 - 0.25 * number)
        if light.is_dark or number == 3:
            share = (0.16 + 0.1 * number) * (1.0 if light.is_dark else 0.35)
            paint_windows(canvas, towers, edge, rng, share, canvas.unit * (0.0028 + 0.0012 * number))
    if light.is_dark:
        low = np.exp(-(((canvas.y - ground) / (canvas.unit * 0.16)) ** 2)) * np.ones_like(canvas.x)
        canvas.glow((low * 0.24).astype(np.float32), rgb("#ffb36b"))
