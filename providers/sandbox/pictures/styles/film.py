"""Photographic finishes: film grain with its faded curve and halo, black and white."""

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import rgb
from providers.sandbox.pictures.styles.edges import blurred, brightness


def _grain(canvas: Canvas, rng: np.random.Generator, strength: float) -> None:
    grain = rng.standard_normal((canvas.height, canvas.width), dtype=np.float32)
    grain = (grain + np.roll(grain, 1, axis=1) + np.roll(grain, 1, axis=0)) * 0.55
    tone = brightness(canvas)
    # Grain shows in the middle tones, as on film.
    canvas.rgb += (grain * strength * (0.35 + 2.4 * tone * (1 - tone)))[..., None]


def _vignette(canvas: Canvas, strength: float) -> None:
    across = (canvas.x / canvas.width - 0.5) * 2
    down = (canvas.y / canvas.height - 0.5) * 2
    canvas.rgb *= (1 - strength * ((across**2 + down**2) / 2).clip(0, 1) ** 1.4)[..., None]


def finish(canvas: Canvas, rng: np.random.Generator) -> None:
    """What every picture gets: a breath of grain against banding, a hint of vignette."""
    _vignette(canvas, 0.1)
    _grain(canvas, rng, 0.009)


def film(canvas: Canvas, rng: np.random.Generator) -> None:
    """Grain, halo around the lights, lifted shadows, warm lights over cool shadows."""
    lights = blurred((brightness(canvas) - 0.72).clip(0, 1) * 3, canvas.unit * 0.014)
    canvas.glow(lights * 0.35, rgb("#ff8a55"))
    tone = brightness(canvas)[..., None]
    canvas.rgb *= 0.9
    canvas.rgb += 0.055 * (rgb("#6f8fa8") * (1 - tone) + rgb("#ffcf9a") * tone)
    _vignette(canvas, 0.3)
    _grain(canvas, rng, 0.034)


def monochrome(canvas: Canvas, rng: np.random.Generator) -> None:
    """Black and white with deep shadows."""
    tone = brightness(canvas)
    low, high = np.percentile(tone[::8, ::8], (1, 99))
    tone = ((tone - low) / (high - low + 1e-6)).clip(0, 1)
    tone = tone * tone * (3 - 2 * tone) * 0.55 + tone * 0.45
    canvas.rgb = (tone[..., None] * rgb("#f4f2ee") * 0.97 + 0.015).astype(np.float32)
    _vignette(canvas, 0.3)
    _grain(canvas, rng, 0.035)
