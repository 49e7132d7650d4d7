"""What is seen close: a flower, a portrait."""

import numpy as np

from providers.sandbox.pictures.blossom import paint_blossom, paint_bokeh, paint_stem
from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.colour import mix, rgb
from providers.sandbox.pictures.meadow import BLOOMS
from providers.sandbox.pictures.portrait import paint_backdrop, paint_head
from providers.sandbox.pictures.ridges import hill_edge, paint_layer
from providers.sandbox.pictures.sky import paint_sky, paint_sun, place_sun
from providers.sandbox.pictures.stage import Stage
from providers.sandbox.pictures.trees import conifer_edge
from providers.sandbox.pictures.weather import paint_birds

STEM = rgb("#4f7d3a")
HEARTS = (rgb("#e0a030"), rgb("#5a3420"), rgb("#f0d060"))


def flower(stage: Stage) -> None:
    """One to three blossoms before discs of light."""
    canvas, light, rng = stage.canvas, stage.light, stage.chance("blossoms")
    canvas.gradient(
        [(0, mix(light.mid, light.far, 0.6)), (0.55, light.mid), (1, mix(light.near, light.mid, 0.25))], canvas.height
    )
    canvas.glow(stage.sun.glow * 0.6, light.glow)
    paint_bokeh(canvas, [light.glow, light.haze, light.cloud], stage.chance("bokeh"))
    named = stage.scene.colours
    colours = [*named, *(BLOOMS[number] for number in rng.permutation(len(BLOOMS)))]
    heart = HEARTS[int(rng.integers(len(HEARTS)))]
    count = int(rng.integers(1, 4))
    spots = (
        [(0.5, 0.43, 0.34)] if count == 1 else [(0.27, 0.6, 0.19), (0.76, 0.56, 0.17), (0.5, 0.36, 0.27)][3 - count :]
    )
    for number, (across, down, size) in enumerate(spots):
        x = canvas.width * (across + float(rng.uniform(-0.03, 0.03)))
        y = canvas.height * (down + float(rng.uniform(-0.03, 0.03)))
        petal = colours[0] if len(named) < 2 else colours[number % 2]
        paint_stem(canvas, mix(STEM, light.near, 0.3), x, y, (canvas.width / 2 - x) * 0.4 + canvas.unit * 0.05)
        paint_blossom(canvas, light, rng, x, y, canvas.unit * size, petal, heart)


def portrait(stage: Stage) -> None:
    """A profile with a misty forest inside."""
    canvas, light = stage.canvas, stage.light
    rng = stage.chance("portrait")
    mirrored = bool(rng.integers(2))
    look = stage.scene.look or str(rng.choice(["woman", "bun", "man"]))
    paint_backdrop(canvas, light, rng, mirrored=mirrored)
    inside = Canvas(canvas.width, canvas.height)
    horizon = inside.height * 0.5
    sun = place_sun(stage.chance("inner sun"), inside, light, horizon)
    paint_sky(inside, light, horizon)
    paint_sun(inside, light, sun)
    for number in range(5):
        depth = number / 4
        chance = stage.chance(f"inner row {number}")
        ground = hill_edge(chance, inside, inside.height * (0.45 + 0.5 * depth), inside.unit * 0.12)
        edge = conifer_edge(chance, inside, ground, inside.unit * (0.04 + 0.12 * depth))
        paint_layer(inside, edge, light, sun, depth=depth, mist=0.9, ground=ground)
    paint_head(canvas, light, inside, look, mirrored=mirrored)
    if np.mean(canvas.rgb[: canvas.height // 4]) > 0.4:
        paint_birds(canvas, mix(light.near, light.mid, 0.4), stage.chance("birds"), canvas.height * 0.45, 5)
