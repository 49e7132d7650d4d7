"""Trees: rows of conifers along an edge, single spruces and palms for the foreground. Leafy ones: `broadleaf`."""

import math

import numpy as np
from PIL import ImageDraw

from providers.sandbox.pictures.canvas import FINE, Canvas
from providers.sandbox.pictures.colour import Colour
from providers.sandbox.pictures.noise import Line, line


def conifer_edge(
    rng: np.random.Generator, canvas: Canvas, ground: Line, height: float, *, spacing: float = 0.2, gaps: float = 0.0
) -> Line:
    """The ground's edge with conifers of about `height` pixels standing on it. `gaps` 0..1: how much stays bare."""
    edge = ground.copy()
    length = canvas.fine_width
    thick = line(rng, length, 5, 2)
    at = -height * 0.2
    while at < canvas.width + height * 0.2:
        place = int(np.clip(at * FINE, 0, length - 1))
        tall = height * float(rng.uniform(0.55, 1.0)) * (0.7 + 0.5 * float(thick[place]))
        if thick[place] >= gaps * 0.8:
            _raise_conifer(edge, ground, rng, at * FINE, tall)
        at += height * spacing * float(rng.uniform(0.45, 1.5))
    return edge


def _raise_conifer(edge: Line, ground: Line, rng: np.random.Generator, middle: float, tall: float) -> None:
    half = tall * float(rng.uniform(0.15, 0.21)) * FINE
    left, right = int(middle - half), int(middle + half) + 1
    start, end = max(0, left), min(len(edge), right)
    if end <= start:
        return
    foot = ground[int(np.clip(middle, 0, len(ground) - 1))]
    tiers = int(rng.integers(6, 10))
    across = np.abs(np.arange(start, end, dtype=np.float32) - middle) / half
    # Each tier of branches slopes gently outward and ends in a drop; the two sides differ a little.
    side = np.where(np.arange(start, end) < middle, float(rng.uniform(0, 0.5)), float(rng.uniform(0, 0.5)))
    along = across**0.86 * tiers + side
    tier = np.floor(along)
    part = along - tier
    drop = 0.25 * part + 0.75 * np.clip((part - 0.62) / 0.38, 0, 1) ** 2
    fall = np.clip((tier + drop - side) / tiers, 0, 1)
    np.minimum(edge[start:end], foot - tall * (1 - fall), out=edge[start:end])


def paint_pine(canvas: Canvas, colour: Colour, rng: np.random.Generator, x: float, foot: float, tall: float) -> None:
    """One large spruce, branch by branch."""
    wide = tall * 0.36
    box = (int(x - wide / 2) - 2, int(foot - tall) - 2, int(wide) + 4, int(tall) + 4)

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        middle, bottom = (x - box[0]) * scale, (foot - box[1]) * scale
        size = tall * scale
        pen.polygon(
            [(middle - size * 0.012, bottom), (middle, bottom - size), (middle + size * 0.012, bottom)], fill=255
        )
        levels = 34
        for level in range(levels):
            share = (level + 0.4) / levels
            height = bottom - size * (1 - 0.93 * share)
            for side in (-1, 1):
                reach = size * 0.18 * share**0.85 * float(rng.uniform(0.62, 1.05))
                droop = reach * float(rng.uniform(0.28, 0.5))
                thick = size * 0.026 * (0.5 + share)
                tip = (middle + side * reach, height + droop)
                pen.polygon(
                    [
                        (middle, height - thick * 0.7),
                        (middle + side * reach * 0.6, height + droop * 0.35),
                        tip,
                        (middle + side * reach * 0.55, height + droop * 0.6 + thick * 0.8),
                        (middle, height + thick * 1.3),
                    ],
                    fill=255,
                )

    canvas.cover(canvas.drawn(box, draw), colour, box[1], box[0])


def paint_palm(canvas: Canvas, colour: Colour, rng: np.random.Generator, x: float, foot: float, tall: float) -> None:
    """A leaning palm with arching fronds."""
    box = (int(x - tall * 0.6), int(foot - tall * 1.25), int(tall * 1.2), int(tall * 1.3))
    lean = float(rng.choice([-1, 1])) * float(rng.uniform(0.12, 0.25))

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        root_x, root_y = (x - box[0]) * scale, (foot - box[1]) * scale
        size = tall * scale
        for part in range(40):
            share = part / 39
            width = size * (0.026 - 0.012 * share)
            at_x, at_y = root_x + lean * size * share**1.8, root_y - size * share
            pen.ellipse([at_x - width, at_y - width * 1.6, at_x + width, at_y + width * 1.6], fill=255)
        top_x, top_y = root_x + lean * size, root_y - size
        for number in range(11):
            angle = math.radians(-200 + 22 * number + float(rng.uniform(-7, 7)))
            reach = size * float(rng.uniform(0.34, 0.46))
            upper, lower = [], []
            for part in range(13):
                share = part / 12
                sag = size * 0.3 * share**2.2
                at = (top_x + math.cos(angle) * reach * share, top_y + math.sin(angle) * reach * share * 0.75 + sag)
                width = size * 0.03 * math.sin(math.pi * min(1.0, share * 0.92 + 0.08)) * (1 if part % 2 else 0.55)
                upper.append((at[0], at[1] - width * 0.5))
                lower.append((at[0], at[1] + width))
            pen.polygon([*upper, *reversed(lower)], fill=255)

    canvas.cover(canvas.drawn(box, draw), colour, box[1], box[0])
