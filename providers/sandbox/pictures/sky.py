"""Everything above the horizon: the gradient, sun or moon with its glow, stars, aurora."""

from dataclasses import dataclass

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, mix, rgb
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field, field, line, step


@dataclass(frozen=True, kw_only=True, slots=True)
class Sun:
    """Where the light comes from, in pixels; `glow` is its haze over the whole picture, 0..1."""

    x: float
    y: float
    radius: float
    glow: Field


def place_sun(rng: np.random.Generator, canvas: Canvas, light: Light, horizon: float, *, scale: float = 1.0) -> Sun:
    """Chooses a place off the middle, as a painter would, and lays out the glow around it."""
    x = canvas.width * float(rng.choice([rng.uniform(0.26, 0.42), rng.uniform(0.58, 0.74)]))
    y = horizon * light.sun_height
    radius = canvas.unit * float(rng.uniform(0.042, 0.062)) * scale
    across, down = (canvas.x - x) / canvas.unit, (canvas.y - y) / canvas.unit
    distance = np.sqrt(across * across + 1.25 * down * down)
    wide = np.exp(-distance * 2.6)
    near = np.exp(-(distance**2) * 38)
    return Sun(x=x, y=y, radius=radius, glow=(0.5 * wide + 0.5 * near).astype(np.float32))


def paint_sky(canvas: Canvas, light: Light, horizon: float) -> None:
    """The gradient down to the horizon; what lies below keeps its last colour."""
    canvas.gradient(light.sky, horizon)


def _disc(canvas: Canvas, x: float, y: float, radius: float, softness: float = 1.0) -> tuple[Field, int, int]:
    reach = int(radius + softness + 3)
    top, left = max(0, int(y) - reach), max(0, int(x) - reach)
    bottom, right = min(canvas.height, int(y) + reach), min(canvas.width, int(x) + reach)
    distance = np.hypot(canvas.x[:, left:right] - x, canvas.y[top:bottom] - y)
    return ((radius - distance) / softness + 0.5).clip(0, 1).astype(np.float32), top, left


def paint_sun(canvas: Canvas, light: Light, sun: Sun) -> None:
    """The disc, a soft rim, and the glow."""
    canvas.glow(sun.glow * 0.75, light.glow)
    halo, top, left = _disc(canvas, sun.x, sun.y, sun.radius * 1.5, sun.radius)
    canvas.glow(halo * 0.35, light.glow, top, left)
    disc, top, left = _disc(canvas, sun.x, sun.y, sun.radius, 1.6)
    canvas.cover(disc, light.sun, top, left)


def paint_moon(canvas: Canvas, light: Light, sun: Sun, rng: np.random.Generator) -> None:
    """A full or a waning moon with faint seas."""
    canvas.glow(sun.glow * 0.5, light.glow)
    disc, top, left = _disc(canvas, sun.x, sun.y, sun.radius, 1.6)
    seas = field(rng, (disc.shape[1], disc.shape[0]), (2, 2), 4)
    face = light.sun[None, None, :] * (1 - 0.1 * step(0.4, 0.9, seas)[..., None])
    if rng.random() < 0.4:
        bite, bite_top, bite_left = _disc(
            canvas, sun.x + sun.radius * 0.55, sun.y - sun.radius * 0.2, sun.radius * 0.92, 2
        )
        hidden = np.zeros((canvas.height, canvas.width), np.float32)
        hidden[bite_top : bite_top + bite.shape[0], bite_left : bite_left + bite.shape[1]] = bite
        disc = disc * (1 - hidden[top : top + disc.shape[0], left : left + disc.shape[1]])
    canvas.cover(disc, face.astype(np.float32), top, left)


def paint_stars(canvas: Canvas, horizon: float, rng: np.random.Generator, *, density: float = 1.0) -> None:
    """Points of differing brightness, thinning out towards the horizon, and a faint band of the galaxy."""
    count = int(520 * density)
    xs, ys = rng.random(count), rng.random(count) ** 1.3
    brightness = (0.3 + 0.7 * rng.random(count) ** 3) * min(1.0, 0.8 + 0.15 * density)
    warm = rng.random(count)
    dot = np.exp(-((np.arange(-3, 4)[:, None] ** 2 + np.arange(-3, 4)[None, :] ** 2) / 1.3)).astype(np.float32)
    for x, y, bright, warmth in zip(xs, ys, brightness, warm, strict=True):
        left, top = int(x * (canvas.width - 7)), int(y * (horizon - 7))
        fade = 1 - (y * 0.8) ** 2
        colour = mix(rgb("#cfe0ff"), rgb("#fff0d8"), float(warmth))
        size = dot if bright > 0.6 else dot**1.6
        canvas.glow(size * bright * fade, colour, top, left)
    rows = int(horizon)
    tilt = (canvas.x / canvas.width - 0.5) * float(rng.choice([-1, 1])) * 0.55
    across = canvas.y[:rows] / max(rows, 1) - 0.42 - tilt
    cloud = field(rng, (canvas.width, rows), (9, 7), 4)
    band = np.exp(-(across**2) * 22) * step(0.3, 0.85, cloud) * (1 - canvas.y[:rows] / rows) * 0.34 * density
    canvas.glow(band.astype(np.float32), rgb("#a9b8ff"))


def paint_aurora(canvas: Canvas, horizon: float, rng: np.random.Generator, colours: tuple[Colour, ...]) -> None:
    """Two or three curtains that rise from a wandering lower edge."""
    first = colours[0] if colours else rgb("#4dffb0")
    second = colours[1] if len(colours) > 1 else rgb("#9b6bff")
    rows = int(horizon)
    for number in range(3):
        foot = horizon * (0.5 + 0.16 * number) + (line(rng, canvas.width, 3, 3) - 0.5) * horizon * 0.55
        rays = 0.35 + 0.65 * line(rng, canvas.width, 42, 3, 0.6)
        height = horizon * (0.22 + 0.3 * line(rng, canvas.width, 5, 2))
        up = (foot[None, :] - canvas.y[:rows]) / height[None, :]
        curtain = np.where(up > 0, np.exp(-up * 1.7) * (1 - np.exp(-up * 14)), 0) * rays[None, :]
        strength = (1.25 - 0.2 * number) * (0.4 + 0.6 * line(rng, canvas.width, 4, 2))
        curtain = (curtain * strength[None, :]).astype(np.float32)
        curtain = curtain.clip(0, 1)
        canvas.glow(curtain * np.exp(-up.clip(0, 4) * 0.8), first)
        canvas.glow(curtain * (1 - np.exp(-up.clip(0, 4) * 0.9)), second)
