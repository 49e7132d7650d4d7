"""Weather in front of the scene: banks of fog, rain, snowfall, and the birds that fly in fair weather."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from providers.sandbox.pictures.canvas import FINE, Canvas
from providers.sandbox.pictures.colour import Colour, mix, rgb
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import field, step
from providers.sandbox.pictures.outlines import BIRD
from providers.sandbox.pictures.silhouettes import shape_mask


def paint_fog(canvas: Canvas, light: Light, rng: np.random.Generator, level: float, strength: float = 0.7) -> None:
    """A drifting bank around a height (pixels)."""
    half = (canvas.width // 2, canvas.height // 2)
    drift = field(rng, half, (2, 7), 4)
    full = np.asarray(Image.fromarray(drift).resize((canvas.width, canvas.height), Image.Resampling.BILINEAR))
    bank = np.exp(-(((canvas.y - level) / (canvas.unit * 0.14)) ** 2))
    canvas.cover((bank * step(0.2, 0.85, full) * strength).astype(np.float32), mix(light.haze, light.sun, 0.25))


def paint_rain(canvas: Canvas, light: Light, rng: np.random.Generator) -> None:
    """Slanting streaks of two sizes, and a veil."""
    veil = np.full((canvas.height, canvas.width), 0.16, np.float32)
    canvas.cover(veil, mix(light.haze, rgb("#8a97a0"), 0.6))
    slant = float(rng.uniform(0.1, 0.24)) * float(rng.choice([-1, 1]))
    for count, length, strength in ((900, 0.035, 0.22), (260, 0.08, 0.34)):
        image = Image.new("L", (canvas.width, canvas.height))
        pen = ImageDraw.Draw(image)
        for x, y, tall in rng.random((count, 3)):
            start = (x * canvas.width * 1.1 - canvas.width * 0.05, y * canvas.height * 1.1 - canvas.height * 0.1)
            size = canvas.unit * length * (0.6 + 0.8 * tall)
            pen.line(
                [start, (start[0] + slant * size, start[1] + size)], fill=255, width=max(1, round(canvas.unit * 0.0016))
            )
        streaks = np.asarray(image.filter(ImageFilter.GaussianBlur(0.7)), np.float32) / 255
        canvas.cover(streaks * strength, rgb("#eef4f8"))


def paint_snowfall(canvas: Canvas, rng: np.random.Generator) -> None:
    """Flakes near and far; the near ones large and out of focus."""
    for count, size, blur, strength in ((700, 0.0013, 0.5, 0.8), (190, 0.0026, 1.2, 0.75), (34, 0.007, 4.0, 0.5)):
        image = Image.new("L", (canvas.width, canvas.height))
        pen = ImageDraw.Draw(image)
        for x, y, big in rng.random((count, 3)):
            radius = canvas.unit * size * (0.6 + 0.8 * big)
            at_x, at_y = x * canvas.width, y * canvas.height
            pen.ellipse([at_x - radius, at_y - radius, at_x + radius, at_y + radius], fill=255)
        flakes = np.asarray(image.filter(ImageFilter.GaussianBlur(blur * canvas.unit / 1024)), np.float32) / 255
        canvas.cover(flakes * strength, rgb("#ffffff"))


def paint_birds(canvas: Canvas, colour: Colour, rng: np.random.Generator, horizon: float, count: int) -> None:
    """A loose flock, wings at different angles."""
    x, y = canvas.width * float(rng.uniform(0.3, 0.7)), horizon * float(rng.uniform(0.28, 0.55))
    ratio, curves = BIRD
    for number in range(count):
        side = 1 if number % 2 else -1
        at_x = x + side * (number // 2 + 0.5) * canvas.unit * 0.045 + float(rng.normal(0, canvas.unit * 0.012))
        at_y = y + (number // 2) * canvas.unit * 0.022 + float(rng.normal(0, canvas.unit * 0.01))
        tall = canvas.unit * float(rng.uniform(0.009, 0.016))
        shape = (ratio * float(rng.uniform(0.75, 1.15)), curves)
        mask, box = shape_mask(canvas, shape, at_x, at_y, max(tall, 2.0 * FINE), mirrored=bool(rng.integers(2)))
        canvas.cover(mask * 0.9, colour, box[1], box[0])
