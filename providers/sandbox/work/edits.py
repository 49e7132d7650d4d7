"""Changes that follow the words: a style, a colour, an hour, a season laid over a picture; parts drawn anew."""

import hashlib

import numpy as np
from PIL import Image

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour, from_lch, rgb
from providers.sandbox.pictures.light import light_of
from providers.sandbox.pictures.mark import paint_mark
from providers.sandbox.pictures.reading import Scene, read
from providers.sandbox.pictures.styles import apply_style
from providers.sandbox.pictures.weather import paint_rain, paint_snowfall
from providers.sandbox.work.order import Order
from providers.sandbox.work.scenes import scene
from providers.sandbox.work.sources import asked_size, covering, first, flat, picture

# How an hour changes what is lit by it: brightness, and the colour it leans to.
LIGHTS = {
    "night": (0.62, rgb("#31508f")),
    "dusk": (0.78, rgb("#6a5aa0")),
    "dawn": (1.02, rgb("#f2b8a0")),
    "sunset": (0.95, rgb("#f08a4b")),
    "overcast": (0.85, rgb("#8f9aa5")),
    "day": (1.12, rgb("#fff3d0")),
}
SEASONS = {"winter": rgb("#e9f1fa"), "autumn": rgb("#c8702a"), "spring": rgb("#9fd07a")}


def chance(order: Order, index: int) -> np.random.Generator:
    """A stream for this order's output of that number."""
    digest = hashlib.sha256(f"{order.task}|{order.prompt}|{order.seed + index}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def tints_of(named: Scene, rng: np.random.Generator) -> list[tuple[float, Colour]]:
    """What is to be laid over: strength and colour. Words that name nothing get a colour of the seed's."""
    tints = [(0.45, colour) for colour in named.colours]
    if named.season:
        tints.append((0.4, SEASONS[named.season]))
    if named.hour:
        tints.append((0.4, LIGHTS[named.hour][1]))
    if not tints and named.style is None:
        tints.append((0.28, from_lch(0.72, 0.13, float(rng.uniform(0, 6.28)))))
    return tints


def restyled(source: Image.Image, prompt: str, rng: np.random.Generator) -> Image.Image:
    """The picture as the words want it: its forms stay, light, colours and hand change."""
    named = read(prompt)
    canvas = Canvas(*source.size)
    canvas.rgb = np.asarray(flat(source), np.float32) / 255
    if named.hour:
        canvas.rgb = canvas.rgb * LIGHTS[named.hour][0]
    for strength, colour in tints_of(named, rng):
        tone = canvas.rgb.mean(axis=2, keepdims=True)
        canvas.rgb += strength * (colour * (0.25 + 1.05 * tone) - canvas.rgb)
    if "rain" in named.weather:
        paint_rain(canvas, light_of(rng, named.hour or "overcast", named.colours), rng)
    if "snow" in named.weather:
        paint_snowfall(canvas, rng)
    if named.style:
        apply_style(canvas, rng, named.style, named.colours)
    return canvas.image()


def edit(order: Order, index: int) -> Image.Image:
    """The first picture changed after the words; further ones are let in from the right, the style's over all."""
    source = flat(first(order, "image", "first_frame"))
    result = covering(source, asked_size(order, source))
    others = [flat(picture(content)) for content in order.files.get("image", ())[1:]]
    for number, other in enumerate(others, 1):
        start, soft = result.width * number / (len(others) + 1), result.width / 12
        ramp = ((np.arange(result.width) - start) / soft + 0.5).clip(0, 1) * 255
        mask = Image.fromarray(np.repeat(ramp.astype(np.uint8)[None, :], result.height, axis=0))
        result = Image.composite(covering(other, result.size), result, mask)
    result = Image.blend(result, restyled(result, order.prompt, chance(order, index)), order.strength)
    for content in order.files.get("style_image", ()):
        average = flat(picture(content)).resize((1, 1), Image.Resampling.BOX).resize(result.size)
        result = Image.blend(result, average, 0.3)
    return paint_mark(result)


def inpaint(order: Order, index: int) -> Image.Image:
    """The picture with the white of the mask drawn anew, and not a pixel of the black changed; the mark lies within."""
    source = flat(first(order, "image"))
    mask = flat(first(order, "mask")).convert("L").resize(source.size, Image.Resampling.NEAREST)
    drawn = scene(order.prompt, order.seed + index, source.size)
    if box := mask.point(lambda tone: tone >= 128 and 255).getbbox():
        drawn.paste(paint_mark(drawn.crop(box)), box)
    return Image.composite(drawn, source, mask)
