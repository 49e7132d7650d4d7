"""Drawn with a pen: contours on paper, hatching where it is dark."""

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import rgb
from providers.sandbox.pictures.noise import field, step
from providers.sandbox.pictures.styles.edges import blurred, brightness, contours

PAPER = rgb("#f6f1e4")
INK = rgb("#1b1d24")


def ink(canvas: Canvas, rng: np.random.Generator) -> None:
    """Over a painted scene, of which a faint wash remains."""
    size = (canvas.width, canvas.height)
    line = step(0.035, 0.085, contours(canvas, max(1.0, canvas.unit * 0.0013)))
    tone = blurred(brightness(canvas), canvas.unit * 0.004)
    low, high = np.percentile(tone[::8, ::8], (2, 98))
    tone = ((tone - low) / (high - low + 1e-6)).clip(0, 1)
    wobble = (field(rng, size, (9, 9), 3) - 0.5) * canvas.unit * 0.02
    strokes = np.zeros_like(tone)
    pitch = canvas.unit * 0.0075
    for number, (angle, dark) in enumerate(((0.72, 0.62), (-0.62, 0.36), (0.08, 0.17))):
        along = canvas.x * np.sin(angle) + canvas.y * np.cos(angle) + wobble
        wave = np.abs((along / pitch) % 1 - 0.5) * 2
        weight = ((dark - tone) / 0.3).clip(0, 1) * 0.6 + 0.12
        strokes = np.maximum(
            strokes, step(1 - weight, 1.02 - weight * 0.6, wave) * (tone < dark) * (0.85 - 0.1 * number)
        )
    paper = PAPER - 0.03 * field(rng, size, (60, 60), 2)[..., None]
    wash = 0.2
    canvas.rgb = (paper * (1 - wash) + (canvas.rgb * 0.5 + 0.5) * wash * paper).astype(np.float32) / (1 - wash * 0.25)
    canvas.cover(np.maximum(line, strokes * 0.72).astype(np.float32), INK)
