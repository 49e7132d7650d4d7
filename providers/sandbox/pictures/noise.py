"""Smooth randomness: lines and fields in 0..1 that keep their form at every picture size."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Line = NDArray[np.floating[Any]]
Field = NDArray[np.floating[Any]]


def line(rng: np.random.Generator, length: int, cells: int, octaves: int = 4, gain: float = 0.5) -> Line:
    """Layered noise along a line: `cells` swings in the first octave, each next one finer and weaker."""
    total = np.zeros(length, np.float32)
    weight, full = 1.0, 0.0
    for octave in range(octaves):
        count = cells * 2**octave + 3
        knots = rng.random(count).astype(np.float32)
        at = np.linspace(0, count - 3, length, dtype=np.float32)
        index = at.astype(np.int32).clip(0, count - 4)
        share = at - index
        share = share * share * (3 - 2 * share)
        total += weight * (knots[index] * (1 - share) + knots[index + 1] * share)
        full += weight
        weight *= gain
    return total / full


def ridged(rng: np.random.Generator, length: int, cells: int, octaves: int = 6) -> Line:
    """Like `line`, but with sharp crests: mountains."""
    total = np.zeros(length, np.float32)
    weight, full = 1.0, 0.0
    for octave in range(octaves):
        swing = line(rng, length, cells * 2**octave, 1)
        total += weight * (1 - np.abs(2 * swing - 1)) if octave < 3 else weight * swing
        full += weight
        weight *= 0.46
    return total / full


def field(
    rng: np.random.Generator, size: tuple[int, int], cells: tuple[int, int], octaves: int = 4, gain: float = 0.5
) -> Field:
    """Layered noise over a picture of (width, height), stretched to 0..1. `cells`: swings across and down."""
    total = np.zeros((size[1], size[0]), np.float32)
    weight = 1.0
    for octave in range(octaves):
        across, down = (count * 2**octave + 2 for count in cells)
        knots = rng.random((down, across)).astype(np.float32)
        total += weight * np.asarray(Image.fromarray(knots).resize(size, Image.Resampling.BICUBIC))
        weight *= gain
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low + 1e-6)


def step(low: float, high: float, values: Field) -> Field:
    """0 below `low`, 1 above `high`, smooth between."""
    share = ((values - low) / (high - low)).clip(0, 1)
    smooth: Field = share * share * (3 - 2 * share)
    return smooth
