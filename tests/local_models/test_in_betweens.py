"""Frames that optical flow finds between two pictures."""

from typing import Any

import numpy as np

from tests.providers.local_films import decoded
from tests.providers.local_orders import Bench, difference, picture

FILM: dict[str, Any] = {"duration": 1, "fps": 12, "resolution": 480}


def middle_of_disc(image: object) -> float:
    """How far right the bright disc stands, in pixels."""
    values = np.asarray(image, np.float32)
    bright = values[..., 0] > 190
    return float(np.nonzero(bright)[1].mean())


def test_the_film_begins_and_ends_with_the_pictures_and_moves_between_them(bench: Bench) -> None:
    first, last = picture(640, 480), picture(640, 480, shift=40)
    given = {"first_frame": bench.given(first, "a.png"), "last_frame": bench.given(last, "b.png")}
    frames = decoded(bench.done("local/in-between", **given, **FILM).inline_outputs[0])
    assert len(frames) == 12
    assert {frame.size for frame in frames} == {(640, 480)}
    assert difference(frames[0], first) < 3
    assert difference(frames[-1], last) < 3
    places = [middle_of_disc(frame) for frame in frames]
    assert places == sorted(places)
    # It moves: half-way the disc is one disc in the middle, where a cross-fade would show two.
    assert abs(places[6] - (places[0] + places[-1]) / 2) < 6
    assert difference(frames[6], picture(640, 480, shift=22)) < 4
