"""The styles a prompt can name, each a finish over the painted scene; and the finish of a picture that names none."""

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import Colour
from providers.sandbox.pictures.styles.film import film, finish, monochrome
from providers.sandbox.pictures.styles.ink import ink
from providers.sandbox.pictures.styles.neon import neon
from providers.sandbox.pictures.styles.oil import oil
from providers.sandbox.pictures.styles.pixels import pixels
from providers.sandbox.pictures.styles.watercolour import watercolour

STYLES = {
    "watercolour": watercolour,
    "oil": oil,
    "ink": ink,
    "film": film,
    "monochrome": monochrome,
    "pixels": pixels,
}


def apply_style(canvas: Canvas, rng: np.random.Generator, style: str | None, colours: tuple[Colour, ...]) -> None:
    """Finishes the picture in the named style (None: plainly)."""
    if style == "neon":
        neon(canvas, rng, colours)
    elif style is not None:
        STYLES[style](canvas, rng)
    if style in (None, "neon"):
        finish(canvas, rng)
