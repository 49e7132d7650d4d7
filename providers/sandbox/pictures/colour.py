"""Colours as float triples in 0..1 (sRGB), and how they are mixed and bent. Palettes only: no pixels here."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.floating[Any]]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def rgb(text: str) -> Colour:
    """A colour written as "#rrggbb"."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)], dtype=np.float32)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of the second, the rest of the first."""
    return (first * (1 - share) + second * share).astype(np.float32)


def to_lch(colour: Colour) -> tuple[float, float, float]:
    """Lightness, chroma and hue (radians) in OKLab (Björn Ottosson, 2020)."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    lightness, a, b = _TO_LAB @ np.cbrt(_TO_LMS @ linear)
    return float(lightness), float(np.hypot(a, b)), float(np.arctan2(b, a))


def from_lch(lightness: float, chroma: float, hue: float) -> Colour:
    """The nearest colour that a screen can show."""
    lab = np.array([lightness, chroma * np.cos(hue), chroma * np.sin(hue)])
    linear = np.linalg.inv(_TO_LMS) @ (np.linalg.inv(_TO_LAB) @ lab) ** 3
    linear = linear.clip(0, 1)
    shown = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    colour: Colour = shown.clip(0, 1).astype(np.float32)
    return colour


def turned(colour: Colour, radians: float, *, chroma: float = 1.0, lightness: float = 1.0) -> Colour:
    """The colour with its hue turned and its chroma and lightness multiplied."""
    old_lightness, old_chroma, hue = to_lch(colour)
    return from_lch(min(1.0, old_lightness * lightness), old_chroma * chroma, hue + radians)


def leaning(colour: Colour, towards: Colour, strength: float) -> Colour:
    """The colour with its own lightness, its hue and chroma drawn towards another's."""
    lightness, chroma, hue = to_lch(colour)
    _, other_chroma, other_hue = to_lch(towards)
    own = np.array([np.cos(hue), np.sin(hue)]) * chroma
    wanted = np.array([np.cos(other_hue), np.sin(other_hue)]) * max(
        other_chroma * 0.75, chroma if other_chroma > 0.03 else 0
    )
    a, b = own * (1 - strength) + wanted * strength
    return from_lch(lightness, float(np.hypot(a, b)), float(np.arctan2(b, a)))
