"""The picture while it is painted: floats in 0..1, height × width × 3, and the few ways to put paint on it."""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from providers.sandbox.pictures.colour import Colour
from providers.sandbox.pictures.noise import Field, Line

FINE = 3  # steps per pixel along a line, so that steep edges stay smooth


class Canvas:
    """Width and height in pixels; `unit` is the length that is 1024 in a picture of one megapixel."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.unit = math.sqrt(width * height)
        self.rgb: Field = np.zeros((height, width, 3), np.float32)
        self.x: Field = np.arange(width, dtype=np.float32)[None, :]
        self.y: Field = np.arange(height, dtype=np.float32)[:, None]

    @property
    def fine_width(self) -> int:
        return self.width * FINE

    def gradient(self, stops: list[tuple[float, Colour]], bottom: float) -> None:
        """Fills from the top to `bottom` (pixels) and beyond with colours at shares of that height."""
        share = (self.y[:, 0] / bottom).clip(0, 1)
        places = [place for place, _ in stops]
        for channel in range(3):
            column = np.interp(share, places, [colour[channel] for _, colour in stops]).astype(np.float32)
            self.rgb[:, :, channel] = column[:, None]

    def cover(self, mask: Field, colour: Colour | Field, top: int = 0, left: int = 0) -> None:
        """Lays a colour (or a field of colours) over the rectangle of the mask, as far as the mask says."""
        seen, part = self._part(mask, top, left)
        if colour.ndim == 3:
            colour = colour[seen]
        mask = mask[seen]
        for channel in range(3):
            part[..., channel] += mask * (colour[..., channel] - part[..., channel])

    def glow(self, light: Field, colour: Colour | Field, top: int = 0, left: int = 0) -> None:
        """Adds light as a screen does: never beyond white."""
        seen, part = self._part(light, top, left)
        light = light[seen]
        for channel in range(3):
            part[..., channel] += light * colour[channel] * (1 - part[..., channel])

    def _part(self, mask: Field, top: int, left: int) -> tuple[tuple[slice, slice], Field]:
        """What of a mask at (top, left) lies within the picture, and that part of the picture."""
        rows = slice(max(0, -top), max(0, min(mask.shape[0], self.height - top)))
        columns = slice(max(0, -left), max(0, min(mask.shape[1], self.width - left)))
        part = self.rgb[max(0, top) : max(0, top + rows.stop), max(0, left) : max(0, left + columns.stop)]
        if part.size == 0:
            return (slice(0, 0), slice(0, 0)), self.rgb[:0, :0]
        return (rows, columns), part

    def below(self, edge: Line, rows: slice) -> Field:
        """How far each pixel of the rows lies below an edge given at FINE steps per pixel: 0..1, smooth."""
        height = self.y[rows]
        covered = np.zeros((height.shape[0], self.width), np.float32)
        for offset in range(FINE):
            covered += (height - edge[None, offset::FINE] + 0.5).clip(0, 1)
        return covered / FINE

    def drawn(self, box: tuple[int, int, int, int], draw: Callable[[ImageDraw.ImageDraw, float], None]) -> Field:
        """A mask of the box (left, top, width, height) that `draw` fills with Pillow at FINE times the size."""
        image = Image.new("L", (box[2] * FINE, box[3] * FINE))
        draw(ImageDraw.Draw(image), FINE)
        return np.asarray(image.reduce(FINE), np.float32) / 255

    def image(self) -> Image.Image:
        """The picture as Pillow has it."""
        return Image.fromarray((self.rgb.clip(0, 1) * 255 + 0.5).astype(np.uint8))
