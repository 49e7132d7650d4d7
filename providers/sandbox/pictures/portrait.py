"""A portrait in profile before a disc of light, with a landscape inside the silhouette."""

import numpy as np
from PIL import Image, ImageFilter

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import mix
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import field, step
from providers.sandbox.pictures.outlines import BEARD, BUN, CAP, HEAD, LONG_HAIR, Curve
from providers.sandbox.pictures.silhouettes import shape_mask

LOOKS: dict[str, tuple[Curve, ...]] = {"woman": (LONG_HAIR,), "bun": (BUN,), "man": (), "bearded": (CAP, BEARD)}


def paint_backdrop(canvas: Canvas, light: Light, rng: np.random.Generator, *, mirrored: bool) -> None:
    """A calm ground and a large disc behind where the head will be."""
    upper = mix(light.haze, light.cloud, 0.55)
    canvas.gradient([(0, mix(upper, light.far, 0.25)), (0.7, upper), (1, light.haze)], canvas.height)
    cloth = field(rng, (canvas.width // 4, canvas.height // 4), (3, 3), 4)
    wide = np.asarray(Image.fromarray(cloth).resize((canvas.width, canvas.height), Image.Resampling.BICUBIC))
    canvas.cover((step(0.4, 1.0, wide) * 0.22).astype(np.float32), light.far)
    x = canvas.width * (0.5 + (-0.06 if mirrored else 0.06))
    y, radius = canvas.height * 0.42, canvas.unit * 0.33
    distance = np.hypot(canvas.x - x, canvas.y - y)
    disc = (radius - distance).clip(0, 1)
    share = ((canvas.y - y + radius) / (2 * radius)).clip(0, 1)[..., None] * np.ones_like(distance)[..., None]
    colour = mix(light.sun, light.glow, 0.25) * (1 - share) + light.glow * share
    canvas.glow((np.exp(-((distance / (radius * 1.35)) ** 2)) * 0.4).astype(np.float32), light.glow)
    canvas.cover(disc, colour.astype(np.float32))


def paint_head(canvas: Canvas, light: Light, inside: Canvas, look: str, *, mirrored: bool) -> None:
    """The silhouette: dark at the face's edge, the other landscape showing through from hair to shoulder."""
    tall = min(canvas.height * 0.86, canvas.width * 0.86)
    mask, box = shape_mask(
        canvas, HEAD, canvas.width * 0.5, canvas.height * 0.99, tall, mirrored=mirrored, extra=LOOKS[look]
    )
    whole = np.zeros((canvas.height, canvas.width), np.float32)
    top, left = max(0, box[1]), max(0, box[0])
    shown = mask[top - box[1] : canvas.height - box[1], left - box[0] : canvas.width - box[0]]
    whole[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    ink = mix(light.near, light.mid, 0.12)
    canvas.cover(whole, ink)
    away = canvas.x / canvas.width if mirrored else 1 - canvas.x / canvas.width
    through = step(0.3, 0.62, away + 0.12 * (canvas.y / canvas.height))
    soft = (
        np.asarray(
            Image.fromarray((whole * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(canvas.unit * 0.012)),
            np.float32,
        )
        / 255
    )
    core = step(0.55, 1.0, soft)
    canvas.cover((whole * through * (0.35 + 0.65 * core) * 0.94).astype(np.float32), inside.rgb)
    shift = max(1, round(canvas.unit * 0.003))
    rim = (whole - np.roll(whole, shift if mirrored else -shift, axis=1)).clip(0, 1)
    canvas.cover(rim * 0.75, light.sun)
