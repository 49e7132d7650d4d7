"""Lines found in a painted picture, for the styles that draw."""

import numpy as np
from PIL import Image, ImageFilter

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.noise import Field

GREY = np.array([0.299, 0.587, 0.114], np.float32)


def brightness(canvas: Canvas) -> Field:
    """0..1 per pixel, as the eye weighs the channels."""
    grey: Field = canvas.rgb @ GREY
    return grey


def blurred(values: Field, radius: float) -> Field:
    """A Gaussian blur of a field in 0..1; radius in pixels."""
    image = Image.fromarray((values.clip(0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32) / 255


def contours(canvas: Canvas, width: float) -> Field:
    """Where colours meet: 0..1, lines of about `width` pixels. Every channel counts, so that equal greys part too."""
    found = np.zeros((canvas.height, canvas.width), np.float32)
    for channel in range(3):
        soft = blurred(canvas.rgb[..., channel], width)
        across = np.abs(np.roll(soft, 1, axis=1) - np.roll(soft, -1, axis=1))
        down = np.abs(np.roll(soft, 1, axis=0) - np.roll(soft, -1, axis=0))
        np.maximum(found, across + down, out=found)
    found[:2], found[-2:], found[:, :2], found[:, -2:] = 0, 0, 0, 0
    return found * width
