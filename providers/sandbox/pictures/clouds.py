"""Clouds: long bands lit from below the sun, and heaped banks with a bright crown."""

import numpy as np
from PIL import Image

from providers.sandbox.pictures.canvas import FINE, Canvas
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Line, field, line, step
from providers.sandbox.pictures.sky import Sun


def paint_bands(
    canvas: Canvas, light: Light, sun: Sun, horizon: float, rng: np.random.Generator, amount: float
) -> None:
    """Stretched clouds, thinner towards the horizon. `amount` 0..1: how much of the sky they take."""
    rows = max(8, int(horizon))
    half = (canvas.width // 2, rows // 2)
    heap = field(rng, half, (2, 9), 5, 0.52)
    wisps = field(rng, half, (4, 22), 3, 0.5)
    body = step(0.66 - 0.3 * amount, 0.95 - 0.18 * amount, heap * 0.8 + wisps * 0.2)
    lower = np.asarray(Image.fromarray(np.roll(heap, -max(2, rows // 90), axis=0)))
    lit = ((heap - lower) * 9 + 0.5).clip(0, 1)
    share = np.linspace(0, 1, half[1], dtype=np.float32)[:, None]
    body = body * (0.9 - 0.55 * share**3) * step(0.0, 0.16, share + 0.04)
    full = [
        np.asarray(Image.fromarray(part).resize((canvas.width, rows), Image.Resampling.BILINEAR))
        for part in (body, lit)
    ]
    near_sun = sun.glow[:rows] ** 0.7
    bright = (0.35 * full[1] + 0.9 * near_sun).clip(0, 1)[..., None]
    colour = light.shade * (1 - bright) + light.cloud * bright
    canvas.cover(full[0] * 0.88, colour.astype(np.float32))


def paint_banks(canvas: Canvas, light: Light, horizon: float, rng: np.random.Generator, count: int) -> None:
    """Heaped clouds in layers: billowing crowns that fade away below."""
    for number in range(count):
        base = horizon * (0.5 + 0.42 * (number + float(rng.uniform(0, 0.5))) / count)
        crown = _crown(canvas, rng, base, number)
        top, bottom = max(0, int(crown.min()) - 2), min(canvas.height, int(base + canvas.unit * 0.12))
        if bottom <= top:
            continue
        rows = slice(top, bottom)
        # The shading follows the swellings, not each bump, or it would hang down in stripes.
        reach = int(canvas.unit * 0.05)
        crest = np.convolve(
            np.pad(crown[::FINE], reach, mode="edge"), np.full(2 * reach + 1, 1 / (2 * reach + 1)), "valid"
        )
        depth = (canvas.y[rows] - crest[None, : canvas.width].astype(np.float32)) / (canvas.unit * 0.15)
        mask = canvas.below(crown, rows) * np.exp(-depth.clip(0, 5) * 1.5) * (0.6 + 0.3 * number / count)
        shade = (depth.clip(0, 1) ** 0.6 * 0.8)[..., None]
        canvas.cover(mask, (light.cloud * (1 - shade) + light.shade * shade).astype(np.float32), top)


def _crown(canvas: Canvas, rng: np.random.Generator, base: float, number: int) -> Line:
    """The upper edge of a bank: large swellings, smaller ones on them."""
    length = canvas.fine_width
    at = np.arange(length, dtype=np.float32) / FINE
    swell = line(rng, length, 2 + number, 3)
    crown = base - (swell - 0.25) * canvas.unit * 0.16
    for size, bumps in ((0.055, 16), (0.032, 30), (0.018, 52)):
        level = crown.copy()
        for _ in range(bumps):
            radius = canvas.unit * size * float(rng.uniform(0.6, 1.25))
            middle = float(rng.uniform(-0.03, 1.03)) * canvas.width
            start, end = (int(np.clip((middle + side * radius) * FINE, 0, length)) for side in (-1, 1))
            if end - start < 2:
                continue
            centre = level[int(np.clip(middle * FINE, 0, length - 1))] + radius * 0.35
            arc = centre - np.sqrt(np.maximum(radius**2 - (at[start:end] - middle) ** 2, 0))
            np.minimum(crown[start:end], arc, out=crown[start:end])
    return crown
