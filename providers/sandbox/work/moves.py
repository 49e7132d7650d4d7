"""Camera moves over a still: which part of it is seen at each moment, by the words or else by the seed."""

import re
from collections.abc import Callable

import numpy as np

Window = tuple[float, float, float, float]  # left, top, width, height, as shares of the still
CLOSEST = 0.84  # share of the still that is seen at the narrowest

SPARE = 1 - CLOSEST
MOVES: dict[str, Callable[[float], Window]] = {
    "in": lambda t: (SPARE / 2 * t, SPARE / 2 * t, 1 - SPARE * t, 1 - SPARE * t),
    "out": lambda t: (SPARE / 2 * (1 - t), SPARE / 2 * (1 - t), CLOSEST + SPARE * t, CLOSEST + SPARE * t),
    "right": lambda t: (SPARE * t, SPARE / 2, CLOSEST, CLOSEST),
    "left": lambda t: (SPARE * (1 - t), SPARE / 2, CLOSEST, CLOSEST),
    "up": lambda t: (SPARE / 2, SPARE * (1 - t), CLOSEST, CLOSEST),
    "down": lambda t: (SPARE / 2, SPARE * t, CLOSEST, CLOSEST),
}
WORDS = (
    ("out", r"zoom(?:s|ing)? out|pull(?:s|ing)? (?:back|out)|отъезд|отдал"),
    ("in", r"zoom|push(?:es|ing)? in|dolly|closer|наезд|приближ"),
    ("left", r"(?:pan|move|truck|slide)\w* (?:to the )?left|влево|налево"),
    ("right", r"\bpan|(?:move|truck|slide)\w* (?:to the )?right|вправо|направо|панорам"),
    ("up", r"tilt\w* up|rises?\b|crane up|вверх"),
    ("down", r"tilt\w* down|descend|вниз"),
)


def move_of(prompt: str, rng: np.random.Generator) -> Callable[[float], Window]:
    """The move that the words name, else one of the seed's."""
    named = next((name for name, words in WORDS if re.search(words, prompt.lower())), None)
    return MOVES[named or str(rng.choice(list(MOVES)))]


def eased(share: float) -> float:
    """A start and an end without a jolt."""
    return share * share * (3 - 2 * share)
