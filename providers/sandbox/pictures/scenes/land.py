"""Mountains, forests, meadows and deserts."""

from providers.sandbox.pictures.colour import mix, rgb
from providers.sandbox.pictures.desert import paint_dunes
from providers.sandbox.pictures.figures import STANDING, in_sky, stand
from providers.sandbox.pictures.meadow import BLOOMS, paint_flowers, paint_grass, paint_hills
from providers.sandbox.pictures.ridges import hill_edge, mountain_edge, paint_faces, paint_layer
from providers.sandbox.pictures.stage import SNOW, Stage
from providers.sandbox.pictures.trees import conifer_edge, paint_pine
from providers.sandbox.pictures.weather import paint_fog

GRASS = rgb("#5f9a45")


def has_figure(stage: Stage) -> bool:
    """Whether somebody or something will stand in the foreground."""
    return any(subject in STANDING for subject in stage.scene.subjects)


def near_hill(stage: Stage) -> None:
    """A dark hill in front, on which the scene's figures stand."""
    canvas = stage.canvas
    ground = hill_edge(stage.chance("near hill"), canvas, canvas.height * 0.95, canvas.unit * 0.2, swings=1)
    stand(stage, ground)
    paint_layer(canvas, ground, stage.light, stage.sun, depth=1.0, mist=0.1, colour=stage.ground(1.0))
    paint_grass(canvas, mix(stage.light.near, stage.light.mid, 0.05), stage.chance("grass"), canvas.unit * 0.05, 260)


def mountains(stage: Stage) -> None:
    """Three ranges with faces and snow, wooded hills before them."""
    canvas, light, sun = stage.canvas, stage.light, stage.sun
    stage.backdrop(canvas.height * 0.62)
    sun = stage.sun
    in_sky(stage, canvas.height * 0.55)
    snow = 0.95 if stage.scene.season == "winter" else (0.55 if stage.chance("snow").random() < 0.7 else 0.0)
    for number, depth in enumerate((0.0, 0.22, 0.45)):
        rng = stage.chance(f"range {number}")
        height = canvas.unit * (0.36 - 0.09 * number)
        edge = mountain_edge(rng, canvas, canvas.height * (0.62 + 0.07 * number), height, peaks=2 + number)
        paint_layer(canvas, edge, light, sun, depth=depth, mist=0.75)
        if number:
            paint_faces(canvas, edge, light, sun, rng, height=height, snow=snow * (1.0 if number == 1 else 0.75))
        if "fog" in stage.scene.weather:
            paint_fog(canvas, light, stage.chance(f"fog {number}"), canvas.height * (0.62 + 0.08 * number))
    for number, depth in enumerate((0.68, 0.86)):
        rng = stage.chance(f"hill {number}")
        ground = hill_edge(rng, canvas, canvas.height * (0.84 + 0.12 * number), canvas.unit * 0.12, swings=2 + number)
        trees = conifer_edge(rng, canvas, ground, canvas.unit * (0.05 + 0.04 * number), gaps=0.45)
        paint_layer(canvas, trees, light, sun, depth=depth, ground=ground, colour=stage.foliage(depth, number))
        if stage.scene.season == "winter":
            paint_layer(canvas, ground, light, sun, depth=depth, colour=stage.ground(depth))
    if has_figure(stage):
        near_hill(stage)


def forest(stage: Stage) -> None:
    """Rows of conifers in the mist; large ones frame the view."""
    canvas, light = stage.canvas, stage.light
    stage.backdrop(canvas.height * 0.58)
    sun = stage.sun
    in_sky(stage, canvas.height * 0.5)
    if stage.chance("range").random() < 0.6:
        far = mountain_edge(stage.chance("range"), canvas, canvas.height * 0.6, canvas.unit * 0.3, peaks=2)
        paint_layer(canvas, far, light, sun, depth=0.0, mist=0.9)
    rows = 5 if has_figure(stage) else 6
    for number in range(rows):
        depth = number / 5
        rng = stage.chance(f"row {number}")
        ground = hill_edge(
            rng,
            canvas,
            canvas.height * (0.6 + 0.47 * depth**1.1),
            canvas.unit * (0.24 - 0.11 * depth),
            swings=1 + number // 2,
        )
        tall = canvas.unit * (0.035 + 0.2 * depth**1.7)
        edge = conifer_edge(rng, canvas, ground, tall, spacing=0.15 + 0.1 * depth, gaps=0.25 * depth)
        shade = stage.foliage(depth, number)
        paint_layer(canvas, edge, light, sun, depth=depth, mist=0.95, ground=ground, colour=shade)
        if stage.scene.season == "winter":
            snow = mix(shade, mix(SNOW, light.haze, 0.35), 0.7 if not light.is_dark else 0.4)
            paint_layer(canvas, ground, light, sun, depth=depth * 0.6, mist=0.5, colour=snow)
        if "fog" in stage.scene.weather:
            paint_fog(canvas, light, stage.chance(f"fog {number}"), canvas.height * (0.64 + 0.36 * depth), 0.62)
    if has_figure(stage):
        near_hill(stage)
    elif stage.chance("frame").random() < 0.6:
        rng = stage.chance("frame")
        for x, tall in ((0.05, 0.66), (0.955, 0.86)):
            paint_pine(canvas, light.near * 0.7, rng, canvas.width * x, canvas.height * 1.03, canvas.unit * tall)


def meadow(stage: Stage) -> None:
    """Rolling hills, flowers and grass; a single tree if the words ask for one."""
    canvas, light = stage.canvas, stage.light
    horizon = canvas.height * (0.6 if has_figure(stage) else 0.52)
    is_winter = stage.scene.season == "winter"
    stage.backdrop(horizon)
    in_sky(stage, horizon)
    far = hill_edge(stage.chance("far"), canvas, horizon + canvas.unit * 0.04, canvas.unit * 0.16, swings=2)
    paint_layer(canvas, far, light, stage.sun, depth=0.05, mist=0.8)
    paint_hills(canvas, light, stage.sun, stage.chance("hills"), horizon, SNOW if is_winter else GRASS)
    if not is_winter:
        _flowers(stage, horizon)
    if has_figure(stage):
        near_hill(stage)
    elif not is_winter:
        paint_grass(canvas, light.near, stage.chance("tall grass"), canvas.unit * 0.17)


def _flowers(stage: Stage, horizon: float) -> None:
    """In the colours that the words name, or in one to three of the seed's."""
    rng, light = stage.chance("blooms"), stage.light
    named = tuple(stage.scene.colours)
    chosen = named or tuple(BLOOMS[number] for number in rng.permutation(len(BLOOMS))[: int(rng.integers(1, 4))])
    blooms = tuple(mix(bloom, light.near, 0.32 if light.is_dark else 0.05) for bloom in chosen)
    paint_flowers(stage.canvas, light, stage.chance("flowers"), horizon, blooms)


def desert(stage: Stage) -> None:
    """Dunes, and whoever crosses them."""
    canvas = stage.canvas
    horizon = canvas.height * 0.5
    stage.backdrop(horizon)
    in_sky(stage, horizon)
    paint_dunes(canvas, stage.light, stage.sun, stage.chance("dunes"), horizon)
    if has_figure(stage):
        ground = hill_edge(stage.chance("near hill"), canvas, canvas.height * 0.98, canvas.unit * 0.16, swings=1)
        stand(stage, ground, scale=0.9)
        paint_layer(canvas, ground, stage.light, stage.sun, depth=1.0, mist=0.05)
