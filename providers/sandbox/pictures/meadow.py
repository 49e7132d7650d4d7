"""A meadow: rolling ground, flowers that grow towards the viewer, grass against the light."""

import math
from functools import partial

import numpy as np
from PIL import ImageDraw

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, leaning, mix, rgb
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field
from providers.sandbox.pictures.ridges import hill_edge, paint_layer
from providers.sandbox.pictures.sky import Sun

NEAR = 0.5  # depth from which a flower has petals
BLOOMS = (rgb("#e8473f"), rgb("#f3b62f"), rgb("#8a5fd0"), rgb("#f27ea9"), rgb("#f6f1e6"), rgb("#4f86e0"))


def paint_hills(
    canvas: Canvas, light: Light, sun: Sun, rng: np.random.Generator, horizon: float, green: Colour
) -> None:
    """Hills down to the viewer's feet, greener the nearer."""
    count = 5
    for number in range(count):
        depth = number / (count - 1)
        base = horizon + (canvas.height - horizon) * (0.06 + 0.72 * depth**1.2)
        edge = hill_edge(rng, canvas, base, canvas.unit * (0.1 + 0.05 * depth), swings=2 + number % 2)
        ground = leaning(mix(light.land(depth * 0.85), light.haze, 0.12 * (1 - depth)), green, 0.35 + 0.3 * depth)
        paint_layer(canvas, edge, light, sun, depth=depth * 0.85, mist=0.5, colour=ground)


def paint_flowers(
    canvas: Canvas,
    light: Light,
    rng: np.random.Generator,
    horizon: float,
    blooms: tuple[Colour, ...],
    count: int = 1000,
) -> None:
    """Dots far away, blossoms close by; drawn from far to near, one colour after the other."""
    depths = np.sort(rng.random(count) ** 0.85)
    for number, bloom in enumerate(blooms):
        chosen = depths[number :: len(blooms)]
        facts = np.column_stack([chosen, rng.random((len(chosen), 3))])
        draw = partial(_draw_flowers, canvas, horizon, facts)
        canvas.cover(canvas.drawn((0, 0, canvas.width, canvas.height), draw), mix(bloom, light.near, 0.045))


def _draw_flowers(canvas: Canvas, horizon: float, facts: Field, pen: ImageDraw.ImageDraw, scale: float) -> None:
    """`facts`: depth, place across, wobble and tone of each, 0..1."""
    for deep, across, wobble, tone in facts:
        y = (horizon + (canvas.height - horizon) * (0.2 + 0.85 * deep**1.5)) * scale
        x = across * canvas.width * scale
        size = canvas.unit * (0.0012 + 0.013 * deep**2.6) * (0.7 + 0.6 * wobble) * scale
        petals, reach = (5, size) if deep > NEAR else (1, 0.0)
        for petal in range(petals):
            angle = 2 * math.pi * petal / petals + wobble * 6
            at_x, at_y = x + math.cos(angle) * reach * 0.7, y + math.sin(angle) * reach * 0.45
            pen.ellipse([at_x - size, at_y - size * 0.72, at_x + size, at_y + size * 0.72], fill=int(170 + 85 * tone))


def paint_grass(canvas: Canvas, colour: Colour, rng: np.random.Generator, height: float, count: int = 420) -> None:
    """Blades along the lower border, bending one way."""
    tall = int(height * 1.3)
    box = (0, canvas.height - tall, canvas.width, tall)
    wind = float(rng.uniform(-0.5, 0.5))

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for _ in range(count):
            x, length = float(rng.random()) * canvas.width * scale, height * float(rng.uniform(0.3, 1.0)) ** 1.5 * scale
            bend = (wind + float(rng.normal(0, 0.28))) * length
            foot, thick = tall * scale, max(1.5, canvas.unit * 0.0016 * scale)
            middle = (x + bend * 0.3, foot - length * 0.6)
            tip = (x + bend, foot - length)
            pen.polygon(
                [
                    (x - thick, foot),
                    (middle[0] - thick * 0.6, middle[1]),
                    tip,
                    (middle[0] + thick * 0.6, middle[1]),
                    (x + thick, foot),
                ],
                fill=255,
            )

    canvas.cover(canvas.drawn(box, draw), colour, box[1], 0)
