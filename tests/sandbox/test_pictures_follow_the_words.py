"""The drawn pictures: the same for the same request, plainly other for another, marked, at every size and word."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from providers.sandbox.pictures import words
from providers.sandbox.pictures.draw import draw
from providers.sandbox.pictures.encode import encode
from providers.sandbox.pictures.reading import read
from providers.sandbox.pictures.scenes import PLACES
from providers.sandbox.pictures.styles import STYLES

SMALL = (256, 160)
# Mean difference of pixels, 0 to 255, above which two pictures are plainly not the same.
PLAIN = 12.0


def pixels(prompt: str, seed: int = 1, size: tuple[int, int] = SMALL) -> np.ndarray:
    return np.asarray(draw(prompt, seed, size), np.float32)


def distance(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).mean())


def test_the_same_request_gives_the_same_pixels() -> None:
    for prompt in ("a mountain lake at dawn", "оленёнок в лесу, масло", "what"):
        assert distance(pixels(prompt, 7), pixels(prompt, 7)) == 0


def test_another_seed_is_another_picture() -> None:
    for prompt in ("a mountain lake at dawn", "city at night", "a flower", "портрет женщины"):
        assert distance(pixels(prompt, 1), pixels(prompt, 2)) > PLAIN / 2


def test_other_words_are_another_picture() -> None:
    prompts = ("a forest at night", "desert at noon", "neon city", "red flower", "sunset over the sea", "a planet")
    for first, second in itertools.combinations(prompts, 2):
        assert distance(pixels(first), pixels(second)) > PLAIN


@pytest.mark.parametrize("size", [(1024, 1024), (1344, 768), (640, 1536), (256, 256), (256, 1440), (333, 257)])
def test_the_size_is_the_one_asked_for(size: tuple[int, int]) -> None:
    assert draw("mountains and a lake, birds", 1, size).size == size


def test_night_is_darker_than_day_and_words_of_colour_show() -> None:
    assert pixels("hills at night").mean() + 40 < pixels("hills at noon").mean()
    red, blue = pixels("red abstract", 3).mean(axis=(0, 1)), pixels("blue abstract", 3).mean(axis=(0, 1))
    assert red[0] - red[2] > blue[0] - blue[2] + 10


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("morning in a mountain forest, mist, film grain", "Утро в горном лесу, туман, плёночное зерно"),
        ("watercolour hills at dawn", "Акварельные холмы на рассвете"),
        ("oil portrait of a fisherman", "Портрет рыбака, масло"),
        ("a cat on a roof of the city at night, neon", "Кот на крыше города ночью, неон"),
        ("a black and white skyline in the rain", "Чёрно-белый небоскрёб под дождём"),
        ("a red flower", "Красный цветок"),
        ("lighthouse by the sea at sunset", "Маяк у моря на закате"),
    ],
)  # fmt: skip
def test_both_languages_ask_for_the_same_scene(english: str, russian: str) -> None:
    first, second = read(english), read(russian)
    assert (first.place, first.hour, first.style) == (second.place, second.hour, second.style)
    assert (first.weather, set(first.subjects)) == (second.weather, set(second.subjects))
    assert [list(colour) for colour in first.colours] == [list(colour) for colour in second.colours]
    assert first.place in PLACES


def test_words_inside_other_words_do_not_count() -> None:
    assert read("search for the season's catalogue").subjects == ()
    assert read("город").place == "city"
    assert read("горы").place == "mountains"
    assert read("туманность").place == "space"
    assert read("туман").weather == {"fog"}


EVERYTHING = [
    *(f"{place.split()[0].rstrip('*')} {hour}" for place in words.PLACES.values() for hour in ("dawn", "night")),
    *(f"{subject.split()[0].rstrip('*')} in autumn" for subject in words.SUBJECTS.values()),
    *(f"{person.split()[0].rstrip('*')} on a mountain" for person in words.PEOPLE.values()),
    *(f"lake {style.split()[0].rstrip('*')}, snow, fog, aurora" for style in words.STYLES.values()),
    "forest rain storm winter", "a cat in space", "a rocket to mars", "", "!!!", "дом дом дом " * 300,
]  # fmt: skip


@pytest.mark.parametrize("prompt", EVERYTHING)
def test_every_word_can_be_drawn_upright_and_across(prompt: str) -> None:
    for seed, size in ((1, (192, 96)), (2, (96, 192))):
        picture = draw(prompt, seed, size)
        assert picture.size == size
        assert np.asarray(picture, np.float32).std() > 4, "not an empty sheet"


def test_every_style_changes_the_picture() -> None:
    plain = pixels("a lake at dawn")
    for style in (*STYLES, "neon"):
        word = words.STYLES[style].split()[0].rstrip("*")
        assert distance(pixels(f"a lake at dawn {word}"), plain) > 3


def test_the_picture_carries_its_mark() -> None:
    size = (512, 512)
    corner = np.asarray(draw("a lake at night", 1, size).convert("L"), np.float32)[-36:, -80:]
    above = np.asarray(draw("a lake at night", 1, size).convert("L"), np.float32)[-76:-40, -80:]
    assert corner.max() - corner.min() > above.max() - above.min() + 40


@pytest.mark.parametrize("form", ["webp", "jpg", "png"])
def test_the_file_says_who_made_it(form: str) -> None:
    picture = Image.open(io.BytesIO(encode(draw("озеро", 1, SMALL), form, 80, "озеро", 1)))
    if isinstance(picture, PngImageFile):
        assert picture.text["Software"].startswith("sandbox")
    else:
        assert picture.getexif()[0x0131].startswith("sandbox")
