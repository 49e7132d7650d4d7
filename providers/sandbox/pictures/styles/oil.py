"""Oil: strokes laid over each other, broad ones first, along the forms; their ridges catch the light."""

import math

import numpy as np
from PIL import Image, ImageDraw

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.noise import Field, field
from providers.sandbox.pictures.styles.edges import blurred, brightness


def _directions(canvas: Canvas, rng: np.random.Generator) -> Field:
    """For each pixel the angle of a stroke: along the edges, elsewhere along a slow swirl."""
    soft = blurred(brightness(canvas), canvas.unit * 0.008)
    across, down = np.gradient(soft, axis=1), np.gradient(soft, axis=0)
    strength = np.hypot(across, down)
    along = np.arctan2(across, -down)
    swirl = (field(rng, (canvas.width, canvas.height), (2, 2), 2) - 0.5) * 2.4
    angle: Field = np.where(strength > 0.004, along, swirl)
    return angle


def _edges(rgb: Field) -> Field:
    """0..1: how much changes around each pixel."""
    grey = rgb.mean(axis=2)
    change = np.abs(np.gradient(grey, axis=1)) + np.abs(np.gradient(grey, axis=0))
    found: Field = blurred((change * 14).clip(0, 1), 4).clip(0, 1)
    return found


def oil(canvas: Canvas, rng: np.random.Generator) -> None:
    """Over a painted scene."""
    angles = _directions(canvas, rng)
    source = canvas.rgb
    image = canvas.image()
    pen = ImageDraw.Draw(image)
    relief = Image.new("L", image.size, 128)
    ridge = ImageDraw.Draw(relief)
    edges = _edges(source)
    for count, width, length, least in (
        (1500, 0.017, 0.06, 0.0),
        (4000, 0.009, 0.034, 0.0),
        (16000, 0.0042, 0.017, 0.5),
    ):
        places = rng.random((count, 2))
        # Fine strokes go where there is something to tell.
        worth = edges[(places[:, 1] * canvas.height).astype(int), (places[:, 0] * canvas.width).astype(int)]
        places = places[rng.random(count) * least < worth + 0.06] if least else places
        shades = rng.normal(0, 0.035, len(places))
        lengths = rng.uniform(0.5, 1.2, len(places)) * length * canvas.unit
        for (x, y), shade, long in zip(places, shades, lengths, strict=True):
            column, row = int(x * canvas.width), int(y * canvas.height)
            colour = (source[row, column] * (1 + shade) + shade * 0.3).clip(0, 1) * 255
            angle = angles[row, column]
            reach_x, reach_y = math.cos(angle) * long / 2, math.sin(angle) * long / 2
            ends = [(column - reach_x, row - reach_y), (column + reach_x, row + reach_y)]
            wide = max(1, int(width * canvas.unit))
            pen.line(ends, fill=(int(colour[0]), int(colour[1]), int(colour[2])), width=wide)
            ridge.line(ends, fill=int(128 + shade * 1500), width=wide)
    canvas.rgb = np.asarray(image, np.float32) / 255
    _light(canvas, np.asarray(relief, np.float32) / 255, rng)


def _light(canvas: Canvas, relief: Field, rng: np.random.Generator) -> None:
    """Light from the upper left on the ridges of paint, and the weave of the canvas."""
    bristle = blurred(relief + 0.1 * rng.standard_normal(relief.shape).astype(np.float32), 1.0)
    slope = bristle - np.roll(np.roll(bristle, 1, axis=0), 1, axis=1)
    weave = 0.012 * (np.sin(canvas.x * 1.6) * np.sin(canvas.y * 1.6))
    canvas.rgb += (slope.clip(-0.2, 0.2) * 0.55 + weave)[..., None]
