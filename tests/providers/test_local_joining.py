"""Films one after the other become one film, on this machine."""

from pathlib import Path

import pytest
from PIL import Image

from providers.catalogue import get
from tests.providers.local_films import decoded
from tests.providers.local_orders import Bench, difference, picture
from tests.providers.test_local_work import FILM


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "media", tmp_path / "work")


def film(bench: Bench, name: str, first: Image.Image, last: Image.Image, **settings: object) -> str:
    """Of the studio's own making: one picture melts into the other."""
    given = {"first_frame": bench.given(first, f"{name}-a.png"), "last_frame": bench.given(last, f"{name}-b.png")}
    made = bench.done("local/cross-fade", **given, **{**FILM, **settings})
    path = bench.media / "originals" / f"{name}.mp4"
    path.write_bytes(made.inline_outputs[0])
    return bench.hand_over(path)


def test_the_frame_between_two_films_is_shown_once(bench: Bench) -> None:
    stations = [picture(640, 480), picture(640, 480, 120), picture(640, 480, 240)]
    films = [film(bench, "one", *stations[:2]), film(bench, "two", *stations[1:])]
    frames = decoded(bench.done("local/join", video=films).inline_outputs[0])
    assert len(frames) == 12 + 12 - 1
    assert {frame.size for frame in frames} == {(640, 480)}
    for number, station in zip((0, 11, 22), stations, strict=True):
        assert difference(frames[number], station) < 5


def test_another_rate_and_another_shape_are_fitted_to_the_first(bench: Bench) -> None:
    wide, tall = picture(640, 480), picture(480, 640)
    films = [film(bench, "one", wide, wide), film(bench, "two", tall, tall, fps=24)]
    frames = decoded(bench.done("local/join", video=films).inline_outputs[0])
    assert {frame.size for frame in frames} == {(640, 480)}
    assert abs(len(frames) - 23) <= 1


def test_what_is_no_film_is_refused(bench: Bench) -> None:
    update = bench.done("local/join", video=[bench.given(picture(64, 64), "still.txt", format="PNG")])
    (bench.media / "originals" / "words.mp4").write_bytes(b"words")
    refused = bench.done("local/join", key="job-2", video=[bench.hand_over(bench.media / "originals" / "words.mp4")])
    assert refused.error_code == "input_refused"
    assert update.state.is_final


def test_joining_costs_nothing() -> None:
    model = get("local-join")
    assert model.choose_task({"video": 11}) == "join-videos"
    assert model.quote_millicredits(model.clean({}), (1280, 720), 60) == 0
