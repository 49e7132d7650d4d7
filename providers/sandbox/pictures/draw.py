"""Draws the picture of a prompt: the same words, seed and size always give the same pixels."""

import hashlib

from PIL import Image

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.mark import paint_mark
from providers.sandbox.pictures.reading import plain, read
from providers.sandbox.pictures.scenes import PLACES, UNNAMED
from providers.sandbox.pictures.stage import Stage
from providers.sandbox.pictures.styles import apply_style
from providers.sandbox.pictures.weather import paint_rain, paint_snowfall


def draw(prompt: str, seed: int, size: tuple[int, int]) -> Image.Image:
    """An RGB picture of the size (width, height in pixels), with the sandbox's mark in a corner."""
    return paint_mark(compose(prompt, seed, size))


def compose(prompt: str, seed: int, size: tuple[int, int]) -> Image.Image:
    """The same without the mark, for what is worked on further."""
    scene = read(prompt)
    canvas = Canvas(*size)
    stage = Stage(canvas, scene, hashlib.sha256(f"{plain(prompt)}|{seed}".encode()).digest())
    place = scene.place or str(stage.chance("place").choice(UNNAMED))
    PLACES[place](stage)
    # The styles that look for contours would draw every drop.
    falls_last = scene.style in ("neon", "ink", "pixels")
    if not falls_last:
        _fall(stage, place)
    apply_style(canvas, stage.chance("style"), scene.style, scene.colours)
    if falls_last:
        _fall(stage, place)
    return canvas.image()


def _fall(stage: Stage, place: str) -> None:
    """Rain and snow, where there is weather."""
    if place in ("space", "abstract", "portrait", "flower"):
        return
    if "rain" in stage.scene.weather:
        paint_rain(stage.canvas, stage.light, stage.chance("rain"))
    if "snow" in stage.scene.weather:
        paint_snowfall(stage.canvas, stage.chance("flakes"))
