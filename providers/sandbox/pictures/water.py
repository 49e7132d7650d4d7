"""Water: what stands above mirrored in it, ripples that widen towards the viewer, the sun's path."""

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import mix
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field, field, step
from providers.sandbox.pictures.sky import Sun


def _ripples(rng: np.random.Generator, canvas: Canvas, rows: int) -> Field:
    """Noise drawn out sideways, its rows close at the horizon and far apart at the viewer's feet."""
    flat = field(rng, (canvas.width, 400), (7, 130), 3, 0.6)
    near = np.linspace(0, 1, rows, dtype=np.float32)
    # Perspective: the same step on the water covers more rows the nearer it is.
    at = (1 - 1 / (1 + 5.5 * near)) / (1 - 1 / 6.5) * 399
    low = at.astype(np.int32).clip(0, 398)
    share = (at - low)[:, None].clip(0, 1)
    drawn: Field = flat[low] * (1 - share) + flat[low + 1] * share
    return drawn


def paint_water(canvas: Canvas, light: Light, sun: Sun, rng: np.random.Generator, *, shore: float, calm: float) -> None:
    """Turns everything below `shore` (pixels) into water. `calm` 0..1: from a sea to a mirror."""
    top = int(shore)
    rows = canvas.height - top
    if rows < 4:
        return
    ripples = _ripples(rng, canvas, rows)
    near = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    swell = (ripples - 0.5) * canvas.unit * (0.012 + 0.09 * near) * (1.25 - calm)
    stretch = 1.0 if calm > 0.5 else 1.25
    source = (top - 1 - np.arange(rows, dtype=np.float32)[:, None] * stretch + swell).clip(0, top - 1).astype(np.int32)
    shift = ((ripples - 0.5) * canvas.unit * 0.018 * near).astype(np.int32)
    columns = (np.arange(canvas.width)[None, :] + shift).clip(0, canvas.width - 1)
    mirrored = canvas.rgb[source, columns]
    # Looking down into water shows its own colour, looking across it shows the sky.
    own = (0.18 + (0.62 - 0.32 * calm) * near**0.8)[..., None]
    deep = mix(light.water, light.near, 0.35)
    colour = light.water * (1 - near[..., None] * 0.6) + deep * (near[..., None] * 0.6)
    water = mirrored * (1 - own) + colour * own
    canvas.rgb[top:] = water
    crest = step(0.6, 0.8, ripples) * (0.1 + 0.16 * (1 - calm)) * (0.4 + 0.6 * near)
    trough = step(0.62, 0.85, 1 - ripples) * (0.1 + 0.2 * (1 - calm)) * (0.4 + 0.6 * near)
    canvas.cover(crest, mix(light.haze, light.glow, 0.4), top)
    canvas.cover(trough, deep, top)
    _sun_path(canvas, light, sun, ripples, near, top)


def _sun_path(canvas: Canvas, light: Light, sun: Sun, ripples: Field, near: Field, top: int) -> None:
    """The glitter between the viewer and the sun: a column broken by the ripples."""
    if sun.y > top + sun.radius:
        return
    width = sun.radius * (0.5 + 2.4 * near)
    column = np.exp(-(((canvas.x - sun.x) / width) ** 2))
    glitter = column * (0.25 + step(0.46, 0.66, ripples)) * (0.95 - 0.45 * near)
    canvas.glow(glitter.clip(0, 1).astype(np.float32), mix(light.glow, light.sun, 0.55), top)
    line = np.exp(-(((canvas.x - sun.x) / (canvas.unit * 0.4)) ** 2)) * np.exp(-near * 60)
    canvas.glow((line * 0.5).astype(np.float32), light.glow, top)
