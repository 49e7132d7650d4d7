"""The palette of one picture: an hour's colours, bent a little by the seed and by the colours that the words name."""

import math
from dataclasses import dataclass

import numpy as np

from providers.sandbox.pictures.colour import Colour, leaning, mix, rgb, turned
from providers.sandbox.pictures.palettes import HOURS

SWING = math.radians(9)


@dataclass(frozen=True, kw_only=True, slots=True)
class Light:
    """Colours ready to paint with."""

    sky: list[tuple[float, Colour]]
    sun: Colour
    glow: Colour
    haze: Colour
    far: Colour
    mid: Colour
    near: Colour
    water: Colour
    cloud: Colour
    shade: Colour
    is_dark: bool
    sun_height: float

    def land(self, depth: float) -> Colour:
        """The colour of land at a depth from 0 (far) to 1 (near)."""
        if depth < 0.5:
            return mix(self.far, self.mid, depth * 2)
        return mix(self.mid, self.near, depth * 2 - 1)


def light_of(rng: np.random.Generator, hour: str, towards: tuple[Colour, ...]) -> Light:
    """Chooses a variant of the hour; `towards`: the colours the words name."""
    variants = HOURS[hour]
    chosen = variants[int(rng.integers(len(variants)))]
    swing = float(rng.uniform(-SWING, SWING))
    height = float(rng.uniform(*chosen.sun_height))

    first, second = (towards + towards)[:2] if towards else (None, None)

    def bent(text: str, strength: float = 0.6, wanted: Colour | None = first) -> Colour:
        colour = turned(rgb(text), swing)
        return colour if wanted is None else leaning(colour, wanted, strength)

    # A second colour takes the lights and the lower sky: mixed with the first it would only make mud.
    return Light(
        sky=[
            (place, mix(bent(text, 0.75), bent(text, 0.75, second), place**2) if second is not None else bent(text))
            for place, text in chosen.sky
        ],
        sun=bent(chosen.sun, 0.25, second),
        glow=bent(chosen.glow, 0.6, second),
        haze=bent(chosen.haze),
        far=bent(chosen.far),
        mid=bent(chosen.mid),
        near=bent(chosen.near, 0.5),
        water=bent(chosen.water),
        cloud=bent(chosen.cloud, 0.4, second),
        shade=bent(chosen.shade),
        is_dark=chosen.is_dark,
        sun_height=height,
    )
