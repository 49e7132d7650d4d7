"""What nobody has seen: space, and abstract compositions."""

from providers.sandbox.pictures.abstract import paint_abstract
from providers.sandbox.pictures.colour import mix, rgb
from providers.sandbox.pictures.figures import has_shape, paint_figure
from providers.sandbox.pictures.ridges import mountain_edge
from providers.sandbox.pictures.space import HUES, paint_nebula, paint_planet
from providers.sandbox.pictures.stage import Stage

DARK = rgb("#04050b")


def space(stage: Stage) -> None:
    """Gas and stars, a planet, sometimes its moon; a ridge in front for those who stand there."""
    canvas, rng = stage.canvas, stage.chance("planet")
    paint_nebula(canvas, stage.chance("nebula"), stage.scene.colours)
    colour = stage.scene.colours[0] if stage.scene.colours else HUES[int(rng.integers(len(HUES)))]
    x, y = canvas.width * float(rng.uniform(0.34, 0.66)), canvas.height * float(rng.uniform(0.36, 0.5))
    radius = canvas.unit * float(rng.uniform(0.17, 0.26))
    paint_planet(canvas, rng, x, y, radius, colour, ringed=bool(rng.random() < 0.55))
    if rng.random() < 0.7:
        side = -1 if x > canvas.width / 2 else 1
        moon = (x + side * radius * 1.75, y - radius * float(rng.uniform(0.5, 1.0)))
        paint_planet(canvas, rng, *moon, radius * 0.2, mix(colour, rgb("#c9c2b8"), 0.75), ringed=False)
    figure = next((subject for subject in stage.scene.subjects if has_shape(subject)), None)
    if figure is None:
        return
    edge = mountain_edge(stage.chance("ridge"), canvas, canvas.height * 1.0, canvas.unit * 0.16, peaks=3)
    if figure == "rocket":
        paint_figure(
            stage, figure, x - radius * 1.5, canvas.height * 0.8, canvas.unit * 0.3, mix(colour, rgb("#dfe6f2"), 0.7)
        )
        return
    top = int(edge.min())
    foot = float(edge[int(canvas.width * 0.5 * 3)]) + canvas.unit * 0.02
    ground = mix(DARK, colour, 0.16)
    paint_figure(stage, figure, canvas.width * 0.5, foot, canvas.unit * 0.2, ground)
    canvas.cover(canvas.below(edge, slice(max(0, top), canvas.height)), ground, max(0, top))


def abstract(stage: Stage) -> None:
    """Discs, arcs and bars."""
    paint_abstract(stage.canvas, stage.light, stage.chance("abstract"), stage.scene.colours)
