"""What a scene is painted on: the canvas, its light, and a source of chance for every part of the picture."""

import hashlib

import numpy as np

from providers.sandbox.pictures.canvas import Canvas
from providers.sandbox.pictures.clouds import paint_bands, paint_banks
from providers.sandbox.pictures.colour import Colour, leaning, mix, rgb
from providers.sandbox.pictures.light import Light, light_of
from providers.sandbox.pictures.reading import Scene
from providers.sandbox.pictures.sky import Sun, paint_aurora, paint_moon, paint_sky, paint_stars, paint_sun, place_sun

SNOW = rgb("#f3f6fb")
AUTUMN = (rgb("#c8571e"), rgb("#d98a1f"), rgb("#9c3b22"))
USUAL_HOURS = ("dawn", "sunset", "day", "dusk", "night", "dawn", "sunset")


class Stage:
    """`chance` gives each part its own stream, so that a bird more does not move the mountains."""

    def __init__(self, canvas: Canvas, scene: Scene, key: bytes) -> None:
        self.canvas, self.scene, self._key = canvas, scene, key
        hours = self.chance("hour")
        usual = "day" if scene.place in ("meadow", "flower") and hours.random() < 0.5 else hours.choice(USUAL_HOURS)
        if scene.colours and usual in ("night", "dusk"):
            usual = "sunset"  # a named colour wants light
        if scene.style == "ink":
            usual = "day"  # a pen has no use for the dark
        self.hour = scene.hour or ("night" if scene.weather & {"stars", "aurora"} else str(usual))
        self.light: Light = light_of(self.chance("light"), self.hour, scene.colours)
        self.sun: Sun = place_sun(self.chance("sun"), canvas, self.light, canvas.height * 0.6)

    def chance(self, part: str) -> np.random.Generator:
        """The stream of one part of the picture."""
        digest = hashlib.sha256(self._key + part.encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))

    def backdrop(self, horizon: float) -> None:
        """Sky, lights and clouds down to the horizon (pixels)."""
        canvas, light, weather = self.canvas, self.light, self.scene.weather
        self.sun = place_sun(self.chance("sun"), canvas, light, horizon)
        paint_sky(canvas, light, horizon)
        if light.is_dark:
            paint_stars(canvas, horizon, self.chance("stars"), density=2.0 if "stars" in weather else 0.8)
        if "aurora" in weather:
            paint_aurora(canvas, horizon, self.chance("aurora"), self.scene.colours)
        if self.hour == "night":
            paint_moon(canvas, light, self.sun, self.chance("moon"))
        elif self.hour != "overcast":
            paint_sun(canvas, light, self.sun)
        self._clouds(horizon)

    def _clouds(self, horizon: float) -> None:
        weather, rng = self.scene.weather, self.chance("clouds")
        many = "clouds" in weather
        if self.hour == "overcast":
            paint_bands(self.canvas, self.light, self.sun, horizon, rng, 1.0)
        elif self.hour == "day":
            paint_banks(self.canvas, self.light, horizon, rng, 4 if many else int(rng.integers(1, 4)))
        elif not weather & {"stars", "aurora"} or many:
            paint_bands(self.canvas, self.light, self.sun, horizon, rng, 0.9 if many else float(rng.uniform(0.15, 0.6)))

    def ground(self, depth: float, colour: Colour | None = None) -> Colour:
        """The colour of open ground at a depth (0 far, 1 near), in the season."""
        own = self.light.land(depth) if colour is None else colour
        if self.scene.season == "winter":
            return mix(own, mix(SNOW, self.light.haze, 0.3), 0.78 - 0.3 * depth - (0.25 if self.light.is_dark else 0))
        return own

    def foliage(self, depth: float, number: int = 0) -> Colour:
        """The colour of trees at a depth, in the season."""
        own = self.light.land(depth)
        if self.scene.season == "autumn":
            return leaning(mix(own, AUTUMN[number % 3], 0.3 + 0.25 * depth), AUTUMN[number % 3], 0.75)
        return own
