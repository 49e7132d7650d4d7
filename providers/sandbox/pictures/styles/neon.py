"""Neon: the scene in the dark, its contours as glowing tubes from cyan to magenta."""

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, rgb
from providers.sandbox.pictures.noise import field, step
from providers.sandbox.pictures.styles.edges import blurred, brightness, contours


def neon(canvas: Canvas, rng: np.random.Generator, colours: tuple[Colour, ...] = ()) -> None:
    """Over a painted scene; `colours`: those the words name, in place of cyan and magenta."""
    first = colours[0] if colours else rgb("#19e3ff")
    second = colours[1] if len(colours) > 1 else rgb("#ff2fb9")
    tube = step(0.03, 0.075, contours(canvas, max(1.0, canvas.unit * 0.0013)))
    tone = brightness(canvas)
    night = rgb("#07051a") * (1 - tone[..., None]) + rgb("#3c1766") * tone[..., None]
    canvas.rgb = (canvas.rgb * 0.24 + night * 0.85).astype(np.float32)
    sweep = (canvas.x / canvas.width * 0.6 + canvas.y / canvas.height * 0.6).clip(0, 1)
    share = (sweep + 0.35 * (field(rng, (canvas.width, canvas.height), (2, 2), 2) - 0.5)).clip(0, 1)[..., None]
    hue = (first * (1 - share) + second * share).astype(np.float32)
    for radius, strength in ((0.022, 0.8), (0.007, 0.75)):
        halo = (blurred(tube, canvas.unit * radius) * strength * 1.6).clip(0, 1)[..., None]
        canvas.rgb += halo * hue * (1 - canvas.rgb)
    canvas.cover(tube * 0.95, (hue * 0.45 + 0.55).astype(np.float32))
