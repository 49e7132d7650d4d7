"""The places a scene can play in, each painted from back to front."""

from collections.abc import Callable

from providers.sandbox.pictures.scenes import beyond, close, land, shores
from providers.sandbox.pictures.stage import Stage

PLACES: dict[str, Callable[[Stage], None]] = {
    "mountains": land.mountains,
    "forest": land.forest,
    "meadow": land.meadow,
    "desert": land.desert,
    "sea": shores.sea,
    "lake": shores.lake,
    "city": shores.city,
    "flower": close.flower,
    "portrait": close.portrait,
    "space": beyond.space,
    "abstract": beyond.abstract,
}
UNNAMED = ("mountains", "lake", "sea", "forest", "desert", "meadow", "abstract")  # of which the seed chooses
