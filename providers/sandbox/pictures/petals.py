"""One petal of a blossom: its outline, its light, its veins."""

import math
from dataclasses import dataclass

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, mix, turned
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field


@dataclass(frozen=True, kw_only=True, slots=True)
class Petal:
    """Around the point (x, y) of a blossom of that radius (pixels); length and width are shares of the radius."""

    x: float
    y: float
    radius: float
    angle: float
    length: float
    width: float
    brightness: float

    def rectangle(self, canvas: Canvas) -> tuple[slice, slice]:
        """The rows and columns of the canvas that the petal can touch."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        reach, broad = self.length * self.radius * 1.03, (self.width * self.length + 0.1) * self.radius
        corners = [(along, aside) for along in (0, reach) for aside in (-broad, broad)]
        xs = [self.x + along * cos - aside * sin for along, aside in corners]
        ys = [self.y + along * sin + aside * cos for along, aside in corners]
        left, right = (int(np.clip(edge, 0, canvas.width)) for edge in (min(xs), max(xs)))
        top, bottom = (int(np.clip(edge, 0, canvas.height)) for edge in (min(ys), max(ys)))
        return slice(top, bottom), slice(left, right)


def paint_petal(canvas: Canvas, light: Light, petal: Petal, colour: Colour) -> None:
    """The petal over the shadow it throws."""
    rows, columns = petal.rectangle(canvas)
    across, down = (canvas.x[:, columns] - petal.x) / petal.radius, (canvas.y[rows] - petal.y) / petal.radius
    if not across.size or not down.size:
        return
    cos, sin = math.cos(petal.angle), math.sin(petal.angle)
    along = (across * cos + down * sin) / petal.length
    aside = np.abs((down * cos - across * sin) / petal.length + 0.06 * np.sin(along * 3 + petal.angle))
    inside = along.clip(0, 1)
    half = petal.width * np.sqrt(inside) * (1 - inside**3) ** 0.8
    dark = turned(mix(colour, light.near, 0.45), -0.15)
    shadow = ((half + 0.05 - aside) / 0.08).clip(0, 1) * (along > 0.02) * (along < 1.0) * 0.22
    canvas.cover(shadow, dark * 0.6, rows.start, columns.start)
    mask = ((half - aside) * petal.length * petal.radius / 1.6 + 0.5).clip(0, 1) * (along > 0.02)
    painted = _lit(petal, inside, aside, half, (dark, colour, mix(colour, light.sun, 0.26)))
    canvas.cover(mask, painted, rows.start, columns.start)


def _lit(petal: Petal, along: Field, aside: Field, half: Field, tones: tuple[Colour, Colour, Colour]) -> Field:
    """Brighter towards the tip and the light, darker at the rims, with fine veins."""
    dark, colour, bright = tones
    rim = (aside / (half + 1e-3)).clip(0, 1)
    tone = 0.4 + 0.42 * along - 0.18 * rim**2 + 0.05 * np.cos(aside / petal.width * 26) * (1 - rim)
    tone = (tone + 0.12 * math.cos(petal.angle + 2.2) + petal.brightness).clip(0, 1)[..., None]
    low, high = (tone * 2).clip(0, 1), (tone * 2 - 1).clip(0, 1)
    painted: Field = dark + (colour - dark) * low + (bright - colour) * high
    return painted
