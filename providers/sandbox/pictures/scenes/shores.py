"""Where land meets water: the sea, lakes; and cities, which often stand by a river."""

from providers.sandbox.pictures.city import paint_city
from providers.sandbox.pictures.figures import in_sky, in_water, on_water, stand
from providers.sandbox.pictures.ridges import hill_edge, mountain_edge, paint_faces, paint_layer
from providers.sandbox.pictures.scenes.land import has_figure
from providers.sandbox.pictures.stage import Stage
from providers.sandbox.pictures.trees import conifer_edge
from providers.sandbox.pictures.water import paint_water
from providers.sandbox.pictures.weather import paint_fog


def _bank(stage: Stage, height: float) -> None:
    """The near bank, with the scene's figures on it."""
    canvas = stage.canvas
    ground = hill_edge(stage.chance("bank"), canvas, canvas.height * 1.0, canvas.unit * height, swings=2)
    stand(stage, ground)
    paint_layer(canvas, ground, stage.light, stage.sun, depth=1.0, mist=0.1, colour=stage.ground(1.0))


def sea(stage: Stage) -> None:
    """Open water, headlands at its edge, sometimes an island."""
    canvas, light = stage.canvas, stage.light
    shore = canvas.height * 0.57
    stage.backdrop(shore)
    in_sky(stage, shore)
    rng = stage.chance("headlands")
    for number in range(int(rng.integers(1, 4))):
        edge = hill_edge(rng, canvas, shore + canvas.unit * 0.07, canvas.unit * 0.17, swings=2 + number)
        paint_layer(canvas, edge, light, stage.sun, depth=0.08 + 0.14 * number, mist=0.8)
    on_water(stage, shore)
    stormy = "rain" in stage.scene.weather
    paint_water(
        canvas,
        light,
        stage.sun,
        stage.chance("water"),
        shore=shore,
        calm=0.0 if stormy else float(rng.uniform(0.1, 0.45)),
    )
    in_water(stage, shore)
    if "fog" in stage.scene.weather:
        paint_fog(canvas, light, stage.chance("fog"), shore, 0.85)
    if has_figure(stage):
        _bank(stage, 0.14)


def lake(stage: Stage) -> None:
    """Mountains and a wooded shore mirrored in still water."""
    canvas, light = stage.canvas, stage.light
    shore = canvas.height * 0.6
    stage.backdrop(shore)
    in_sky(stage, shore * 0.9)
    snow = 0.95 if stage.scene.season == "winter" else 0.6
    for number, depth in enumerate((0.0, 0.3, 0.5)):
        rng = stage.chance(f"range {number}")
        height = canvas.unit * (0.34 - 0.1 * number)
        edge = mountain_edge(rng, canvas, shore, height, peaks=2 + number)
        paint_layer(canvas, edge, light, stage.sun, depth=depth, mist=0.7)
        if number == 1:
            paint_faces(canvas, edge, light, stage.sun, rng, height=height, snow=snow)
    rng = stage.chance("far shore")
    ground = hill_edge(rng, canvas, shore, canvas.unit * 0.025, swings=4)
    trees = conifer_edge(rng, canvas, ground, canvas.unit * 0.065, gaps=0.4)
    paint_layer(canvas, trees, light, stage.sun, depth=0.72, ground=ground, colour=stage.foliage(0.72))
    if "fog" in stage.scene.weather:
        paint_fog(canvas, light, stage.chance("fog"), shore - canvas.unit * 0.03, 0.9)
    on_water(stage, shore)
    paint_water(canvas, light, stage.sun, stage.chance("water"), shore=shore, calm=0.85)
    if "fog" in stage.scene.weather:
        paint_fog(canvas, light, stage.chance("low fog"), shore + canvas.unit * 0.04, 0.6)
    in_water(stage, shore)
    _bank(stage, 0.13 if has_figure(stage) else 0.09)


def city(stage: Stage) -> None:
    """Towers in the haze, by a river every other time."""
    canvas = stage.canvas
    by_water = stage.chance("river").random() < 0.55 or "rain" in stage.scene.weather
    stage.backdrop(canvas.height * 0.66)
    in_sky(stage, canvas.height * 0.5)
    ground = canvas.height * (0.64 if by_water else 0.86)
    paint_city(canvas, stage.light, stage.sun, stage.chance("city"), ground)
    if by_water:
        shore = ground + canvas.unit * 0.12
        on_water(stage, shore)
        paint_water(canvas, stage.light, stage.sun, stage.chance("water"), shore=shore, calm=0.6)
    if "fog" in stage.scene.weather:
        paint_fog(canvas, stage.light, stage.chance("fog"), ground, 0.8)
    if has_figure(stage):
        _bank(stage, 0.13)
