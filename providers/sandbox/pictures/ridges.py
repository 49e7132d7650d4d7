"""Land in layers, the far ones in the haze: mountains, hills, dunes as edges; and painting one layer of them."""

import numpy as np
from numpy.typing import NDArray

from providers.sandbox.pictures.canvas import FINE, Canvas
from providers.sandbox.pictures.colour import Colour, mix
from providers.sandbox.pictures.light import Light
from providers.sandbox.pictures.noise import Field, Line, line, ridged
from providers.sandbox.pictures.sky import Sun


def mountain_edge(rng: np.random.Generator, canvas: Canvas, base: float, height: float, *, peaks: int = 3) -> Line:
    """A crest of sharp peaks up to `height` pixels above `base`, with one that leads."""
    length = canvas.fine_width
    crest = ridged(rng, length, peaks)
    crest = (crest - crest.min()) / (np.ptp(crest) + 1e-6)
    at = np.linspace(0, 1, length, dtype=np.float32)
    leader = np.exp(-(((at - rng.uniform(0.2, 0.8)) / 0.28) ** 2))
    edge: Line = base - height * (crest * (0.45 + 0.55 * leader))
    return edge


def hill_edge(rng: np.random.Generator, canvas: Canvas, base: float, height: float, *, swings: int = 2) -> Line:
    """A rolling line."""
    edge: Line = base - height * line(rng, canvas.fine_width, swings, 3, 0.36)
    return edge


def paint_layer(
    canvas: Canvas,
    edge: Line,
    light: Light,
    sun: Sun,
    *,
    depth: float,
    mist: float = 0.6,
    colour: Colour | None = None,
    ground: Line | None = None,
) -> None:
    """One layer of land below its edge: darker and clearer the nearer (depth 0..1), mist gathering at its foot.

    `ground`: where the mist begins, when something stands on it (trees, towers); the edge itself otherwise.
    """
    top = max(0, int(edge.min()) - 2)
    if top >= canvas.height:
        return
    rows = slice(top, canvas.height)
    land = light.land(depth) if colour is None else colour
    foot = mix(land, light.haze, mist * (1 - 0.55 * depth))
    fall = canvas.unit * (0.13 + 0.12 * depth)
    level = edge if ground is None else ground
    below = (canvas.y[rows] - level[None, FINE // 2 :: FINE][:, : canvas.width]) / fall
    share = (below.clip(0, 1) ** 1.25)[..., None]
    painted = land * (1 - share) + foot * share
    # Light from behind: the sun's glow seeps over the crest, less into near layers.
    seep = sun.glow[rows] * (0.62 * (1 - depth) ** 1.3 + 0.05) * (0.55 + 0.45 * np.exp(-np.abs(below) * 2.2))
    painted += seep[..., None] * light.glow * (1 - painted)
    canvas.cover(canvas.below(edge, rows), painted.astype(np.float32), top)


def paint_faces(
    canvas: Canvas, edge: Line, light: Light, sun: Sun, rng: np.random.Generator, *, height: float, snow: float
) -> None:
    """Lit and shaded faces on a mountain layer, and snow from its peaks down (0: none). Over a painted layer."""
    top = max(0, int(edge.min()) - 2)
    bottom = min(canvas.height, int(edge.min() + height * 1.15))
    if bottom - top < 8:
        return
    rows = slice(top, bottom)
    crest = edge[FINE // 2 :: FINE][: canvas.width]
    below = ((canvas.y[rows] - crest[None, :]) / height).clip(0, 2)
    facing = _slopes(canvas, crest, 0.016)[_drift(canvas, rng, below)] * np.sign(sun.x - canvas.x)
    lit = -np.tanh(facing * 2.6) * np.exp(-below * 3.2)
    mask = canvas.below(edge, rows)
    canvas.cover(mask * (lit.clip(0, 1) * 0.42), mix(light.haze, light.sun, 0.4), top)
    canvas.cover(mask * ((-lit).clip(0, 1) * 0.42), light.land(0.75), top)
    if snow > 0:
        tongues = 0.12 + 0.34 * line(rng, canvas.width, 26, 4, 0.62)
        reach = (1 - (crest - float(edge.min())) / (height * snow + 1)).clip(0, 1)
        cover = ((tongues * reach * 1.4)[None, :] - below) * canvas.unit * 0.05
        tone = mix(mix(light.sun, light.cloud, 0.5), light.haze, 0.12)
        canvas.cover(mask * cover.clip(0, 1) * (0.66 + 0.34 * lit.clip(-0.8, 1)), tone, top)


def _slopes(canvas: Canvas, crest: Line, width: float) -> Line:
    """How steeply the crest falls, smoothed over a share of the picture."""
    reach = max(2, int(canvas.unit * width / 2))
    window = np.hanning(2 * reach + 3)[1:-1].astype(np.float32)
    smooth = np.convolve(np.pad(crest, reach, mode="edge"), window / window.sum(), mode="valid")
    slope: Line = np.gradient(smooth).astype(np.float32)
    return slope


def _drift(canvas: Canvas, rng: np.random.Generator, below: Field) -> NDArray[np.int32]:
    """For each pixel of a face, which part of the crest it belongs to: gullies run down slantwise and bend."""
    sway = (line(rng, canvas.width, 9, 3) - 0.5) * canvas.unit * 0.5
    bend = (line(rng, below.shape[0], 6, 3) - 0.5)[:, None] * canvas.unit * 0.03
    source = canvas.x + sway[None, :] * below + bend
    index: NDArray[np.int32] = source.clip(0, canvas.width - 1).astype(np.int32)
    return index
