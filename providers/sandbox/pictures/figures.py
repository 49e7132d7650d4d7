"""Who and what stands in a scene: animals, people, houses, trees, boats, balloons; and the light in their windows."""

import numpy as np

from providers.sandbox.pictures.broadleaf import paint_broadleaf
from providers.sandbox.pictures.canvas import FINE
from providers.sandbox.pictures.colour import Colour, mix, rgb
from providers.sandbox.pictures.noise import Line
from providers.sandbox.pictures.outlines import ANIMALS, PERSON, THINGS, WHALE
from providers.sandbox.pictures.silhouettes import paint_shape, shape_mask
from providers.sandbox.pictures.stage import Stage
from providers.sandbox.pictures.trees import paint_palm
from providers.sandbox.pictures.weather import paint_birds

LAMP = rgb("#ffcf7d")
BLOSSOM = rgb("#f4a9c4")
SIZES = {
    "deer": 0.3,
    "cat": 0.25,
    "wolf": 0.26,
    "horse": 0.28,
    "bear": 0.2,
    "person": 0.2,
    "cabin": 0.13,
    "castle": 0.3,
}
SHAPES = ANIMALS | THINGS | {"person": PERSON}
STANDING = frozenset(SIZES) | {"tree", "palm"}


def stand(stage: Stage, ground: Line, *, scale: float = 1.0) -> None:
    """Puts those of the scene's subjects that stand on land onto an edge, the first one against the light."""
    canvas, light, rng = stage.canvas, stage.light, stage.chance("figures")
    standing = [subject for subject in stage.scene.subjects if subject in STANDING]
    low = stage.sun.y > canvas.height * 0.3
    first = stage.sun.x + canvas.unit * float(rng.uniform(-0.1, 0.1)) if low else canvas.width - stage.sun.x
    for number, subject in enumerate(standing):
        x = first if number == 0 else canvas.width - first + (number - 1) * canvas.unit * 0.2
        x = float(np.clip(x, canvas.width * 0.16, canvas.width * 0.84))
        foot = float(ground[int(x * FINE)]) + canvas.unit * 0.006
        if subject in ("tree", "palm"):
            _grow(stage, subject, x, foot, scale)
            continue
        tall = canvas.unit * SIZES[subject] * scale * float(rng.uniform(0.92, 1.08))
        mask, box = shape_mask(canvas, SHAPES[subject], x, foot, tall, mirrored=x > canvas.width * 0.55)
        paint_shape(canvas, mask, box, mix(light.near, light.mid, 0.06), light.glow, stage.sun.x)
        if subject == "cabin":
            _light_windows(stage, x, foot, tall, ((-0.2, 0.62), (0.12, 0.62)), 0.13)
        elif subject == "castle" and light.is_dark:
            _light_windows(
                stage, x, foot, tall, ((-0.03, 0.4), (-0.03, 0.52), (0.17, 0.5), (-0.36, 0.56), (0.4, 0.62)), 0.035
            )


def has_shape(subject: str) -> bool:
    """Whether the subject is drawn as a silhouette."""
    return subject in SHAPES


def paint_figure(stage: Stage, subject: str, x: float, foot: float, tall: float, colour: Colour) -> None:
    """One silhouette where it is wanted."""
    mask, box = shape_mask(stage.canvas, SHAPES[subject], x, foot, tall)
    paint_shape(stage.canvas, mask, box, colour, stage.light.glow, stage.sun.x)


def _grow(stage: Stage, kind: str, x: float, foot: float, scale: float) -> None:
    rng, light = stage.chance("tree"), stage.light
    tall = stage.canvas.unit * 0.5 * scale
    if kind == "palm":
        return paint_palm(stage.canvas, light.near, rng, x, foot, tall)
    leaves = {"spring": BLOSSOM, "winter": light.near}.get(str(stage.scene.season), stage.foliage(0.55))
    return paint_broadleaf(stage.canvas, light.near, mix(leaves, light.near, 0.25), rng, x, foot, tall)


def _light_windows(
    stage: Stage, x: float, foot: float, tall: float, places: tuple[tuple[float, float], ...], size: float
) -> None:
    """Warm squares at shares of the figure's height, and what they throw around."""
    canvas = stage.canvas
    for across, down in places:
        left, top = int(x + (across - size / 2) * tall), int(foot - (1 - down) * tall)
        wide, high = max(2, int(size * tall)), max(3, int(size * 1.25 * tall))
        canvas.rgb[max(0, top) : top + high, max(0, left) : left + wide] = LAMP
        around = np.exp(
            -(((canvas.x - left - wide / 2) ** 2 + (canvas.y - top - high / 2) ** 2) / (tall * size * 3.2) ** 2)
        )
        canvas.glow((around * (0.55 if stage.light.is_dark else 0.22)).astype(np.float32), LAMP)


def on_water(stage: Stage, shore: float) -> None:
    """Boats and a lighthouse on the line of the water, before it is painted: it will mirror them."""
    canvas, light, rng = stage.canvas, stage.light, stage.chance("water figures")
    for subject in stage.scene.subjects:
        if subject == "sail":
            x = canvas.width - stage.sun.x + canvas.unit * float(rng.uniform(-0.1, 0.25))
            mask, box = shape_mask(
                canvas,
                THINGS["sail"],
                float(np.clip(x, canvas.width * 0.2, canvas.width * 0.8)),
                shore,
                canvas.unit * 0.24,
            )
            paint_shape(canvas, mask, box, mix(light.near, light.mid, 0.25), light.glow, stage.sun.x)
        elif subject == "lighthouse":
            _lighthouse(stage, shore, float(rng.choice([0.2, 0.8])) * canvas.width)


def _lighthouse(stage: Stage, shore: float, x: float) -> None:
    canvas, light = stage.canvas, stage.light
    at = np.arange(canvas.fine_width, dtype=np.float32) / FINE
    hump = np.exp(-(((at - x) / (canvas.unit * 0.16)) ** 4)) * (0.075 + 0.012 * np.sin(at / canvas.unit * 60))
    edge = (shore + 2 - canvas.unit * hump).astype(np.float32)
    top = int(edge.min())
    canvas.cover(canvas.below(edge, slice(top, int(shore) + 1)), light.near, top)
    foot, tall = shore - canvas.unit * 0.06, canvas.unit * 0.3
    mask, box = shape_mask(canvas, THINGS["lighthouse"], x, foot, tall)
    paint_shape(canvas, mask, box, mix(light.near, light.mid, 0.2), light.glow, stage.sun.x)
    lamp_x, lamp_y = x, foot - tall * 0.82
    away = np.hypot(canvas.x - lamp_x, canvas.y - lamp_y) / canvas.unit
    canvas.glow((np.exp(-(away**2) * 1500) * 0.95).astype(np.float32), LAMP)
    if light.is_dark or stage.hour in ("overcast", "sunset"):
        side = 1 if x < canvas.width / 2 else -1
        forward = (canvas.x - lamp_x) * side / canvas.unit
        aside = np.abs((canvas.y - lamp_y) / canvas.unit + forward * 0.1)
        beam = (
            np.exp(-((aside / (0.01 + 0.13 * forward.clip(0, 9))) ** 2))
            * (forward > 0)
            * np.exp(-forward.clip(0, 9) * 1.5)
        )
        canvas.glow((beam * 0.5).astype(np.float32), LAMP)


def in_water(stage: Stage, shore: float) -> None:
    """A whale's fluke, after the water is painted."""
    if "whale" not in stage.scene.subjects:
        return
    canvas, light = stage.canvas, stage.light
    x, foot = canvas.width * 0.5 + (canvas.width * 0.5 - stage.sun.x) * 0.5, shore + (canvas.height - shore) * 0.5
    mask, box = shape_mask(canvas, WHALE, x, foot, canvas.unit * 0.27)
    paint_shape(canvas, mask, box, light.near, light.glow, stage.sun.x)
    foam = np.exp(-((((canvas.x - x) / (canvas.unit * 0.09)) ** 2) + ((canvas.y - foot) / (canvas.unit * 0.012)) ** 2))
    canvas.cover((foam * 0.8).astype(np.float32), mix(light.cloud, light.haze, 0.3))


def in_sky(stage: Stage, horizon: float) -> None:
    """Balloons and birds; birds also come unasked by day."""
    canvas, light, rng = stage.canvas, stage.light, stage.chance("sky figures")
    if "balloon" in stage.scene.subjects:
        for number in range(3):
            tall = canvas.unit * (0.25, 0.12, 0.08)[number]
            x = canvas.width * float(np.clip((0.34, 0.66, 0.84)[number] + rng.uniform(-0.06, 0.06), 0.1, 0.9))
            foot = horizon * float((0.66, 0.5, 0.74)[number] + rng.uniform(-0.05, 0.05))
            _balloon(stage, x, foot, tall, number)
    wanted = "birds" in stage.scene.subjects
    if wanted or (
        stage.scene.place in ("sea", "mountains", "meadow")
        and stage.hour in ("dawn", "sunset", "day")
        and rng.random() < 0.45
    ):
        paint_birds(canvas, mix(light.near, light.mid, 0.2), rng, horizon, 11 if wanted else int(rng.integers(3, 7)))


def _balloon(stage: Stage, x: float, foot: float, tall: float, number: int) -> None:
    canvas, light = stage.canvas, stage.light
    mask, box = shape_mask(canvas, THINGS["balloon"], x, foot, tall)
    stripes = (
        (rgb("#e4572e"), rgb("#f6e7cb"), rgb("#2f6f8f"))
        if number != 1
        else (rgb("#f3b23a"), rgb("#a8324a"), rgb("#f3b23a"))
    )
    own = stage.scene.colours or (stripes[0],)
    colours = (own[0], stripes[1], stripes[2] if len(own) < 2 else own[1])
    across = (np.arange(mask.shape[1], dtype=np.float32) + box[0] - x) / (tall * 0.36)
    down = (np.arange(mask.shape[0], dtype=np.float32) + box[1] - foot + tall) / tall
    bulge = np.sqrt((1 - ((down - 0.34) / 0.5) ** 2).clip(0.05, 1))
    segment = (np.arcsin((across[None, :] / bulge[:, None]).clip(-1, 1)) * 3.2 + 10).astype(np.int32) % 3
    painted = np.stack(colours)[segment]
    painted[down > 0.8] = light.near
    shade = (0.72 + 0.28 * np.sign(stage.sun.x - x) * across.clip(-1, 1))[None, :, None]
    hazy = mix(light.haze, light.glow, 0.3)
    painted = (painted * shade * 0.86 + hazy * (0.08 + 0.1 * number)).clip(0, 1)
    canvas.cover(mask, painted.astype(np.float32), box[1], box[0])
