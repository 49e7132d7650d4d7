"""Turns an outline into a mask on the canvas, and lays it down with a rim of light."""

import numpy as np
from PIL import ImageDraw

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour
from providers.sandbox.pictures.noise import Field
from providers.sandbox.pictures.outlines import Curve, Shape

Box = tuple[int, int, int, int]
STEPS = 7


def _points(curve: Curve) -> list[tuple[float, float]]:
    """The curve as a polygon: a Catmull-Rom spline through its points, or the points themselves."""
    kind, given = curve
    if kind == "-":
        return list(given)
    knots = np.array(given)
    before, after, second = (np.roll(knots, shift, axis=0) for shift in (1, -1, -2))
    share = (np.arange(STEPS) / STEPS)[None, :, None]
    along = 0.5 * (
        2 * knots[:, None]
        + (after - before)[:, None] * share
        + (2 * before - 5 * knots + 4 * after - second)[:, None] * share**2
        + (3 * knots - before - 3 * after + second)[:, None] * share**3
    )
    return [(float(x), float(y)) for x, y in along.reshape(-1, 2)]


def shape_mask(
    canvas: Canvas,
    shape: Shape,
    x: float,
    foot: float,
    tall: float,
    *,
    mirrored: bool = False,
    extra: tuple[Curve, ...] = (),
) -> tuple[Field, Box]:
    """The mask of a shape standing with its feet at (x, foot), and the box (left, top, width, height) it covers."""
    ratio, curves = shape
    wide = tall * ratio
    box = (int(x - wide * 0.62), int(foot - tall * 1.02), int(wide * 1.24) + 2, int(tall * 1.1) + 2)

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for curve in (*curves, *extra):
            polygon = []
            for across, down in _points(curve):
                place = (1 - across if mirrored else across) - 0.5
                polygon.append(((x + place * wide - box[0]) * scale, (foot + (down - 1) * tall - box[1]) * scale))
            pen.polygon(polygon, fill=255)

    return canvas.drawn(box, draw), box


def paint_shape(canvas: Canvas, mask: Field, box: Box, colour: Colour, rim: Colour, light_from: float) -> None:
    """Lays the shape down; its edge towards the light (pixels, x) catches the rim colour."""
    canvas.cover(mask, colour, box[1], box[0])
    width = max(1, round(canvas.unit * 0.0022))
    away = -width if light_from > box[0] + box[2] / 2 else width
    behind = np.roll(np.roll(mask, away, axis=1), width, axis=0)
    edge = (mask - behind).clip(0, 1) * 0.55
    canvas.cover(edge, rim, box[1], box[0])
