"""Enlarging, painting over and filling, by what the packages really do."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from providers import catalogue
from tests.providers.local_orders import Bench, difference, picture

STYLE: dict[str, Any] = {"style": "8", "style_strength": 1.0, "keep_colours": False, "output_format": "png"}


@pytest.mark.parametrize(
    ("variant", "scale", "size"),
    [("fast", 2, (90, 70)), ("fast", 4, (70, 65)), ("drawing", 2, (40, 30)), ("photo", 4, (33, 30))],
)
def test_real_esrgan_enlarges_exactly(bench: Bench, variant: str, scale: int, size: tuple[int, int]) -> None:
    source = picture(*size)
    made = bench.made(
        "local/real-esrgan", image=bench.given(source, "a.png"), variant=variant, scale=scale, output_format="png"
    )
    assert made.size == (size[0] * scale, size[1] * scale)
    smooth = source.resize(made.size, Image.Resampling.BICUBIC)
    assert 0.2 < difference(made, smooth) < 12
    assert difference(made.resize(size, Image.Resampling.BOX), source) < 6


def test_tiles_leave_no_seam(bench: Bench) -> None:
    source = picture(128, 40, shift=-200)
    made = bench.made(
        "local/real-esrgan", image=bench.given(source, "a.png"), variant="fast", scale=2, output_format="png"
    )
    steps = np.abs(np.diff(np.asarray(made, np.float32), axis=1)).mean(axis=(0, 2))
    assert steps[127] <= np.median(steps) + 2


def test_more_than_a_network_can_do_in_time_is_refused(bench: Bench) -> None:
    image = bench.given(picture(700, 700), "a.png")
    update = bench.done("local/real-esrgan", image=image, variant="photo", scale=2, output_format="jpg")
    assert update.error_code == "input_too_large"


def test_every_style_is_another_one(bench: Bench) -> None:
    model = catalogue.get("local-style")
    styles = next(one for one in model.parameters if one.name == "style").choices
    image = bench.given(picture(96, 64), "a.png")
    made = [bench.made("local/style", image=image, **STYLE | {"style": style}) for style in styles[:8]]
    assert {one.size for one in made} == {(96, 64)}
    pairs = [(one, other) for index, one in enumerate(made) for other in made[:index]]
    assert min(difference(one, other) for one, other in pairs) > 3
    assert bench.made("local/style", image=image, **STYLE | {"style": styles[-1]}).size == (96, 64)


def test_the_strength_of_a_style_is_heeded(bench: Bench) -> None:
    source = picture(97, 65)
    image = bench.given(source, "a.png")
    distances = [
        difference(bench.made("local/style", image=image, **STYLE | {"style_strength": strength}), source)
        for strength in (0.0, 0.5, 1.0)
    ]
    assert distances[0] < 1 < distances[1] < distances[2]


def test_another_picture_gives_its_manner_and_colours_may_stay(bench: Bench) -> None:
    source = picture(96, 64)
    manner = bench.given(Image.new("RGB", (90, 90), "red"), "b.png")
    given = {"image": bench.given(source, "a.png"), "style_image": manner}
    made = bench.made("local/style", **given, **STYLE)
    kept = bench.made("local/style", **given, **STYLE | {"keep_colours": True})
    assert made.size == kept.size == source.size
    hues = [np.asarray(one.convert("YCbCr"), np.float32)[..., 1:] for one in (source, kept, made)]
    assert np.abs(hues[0] - hues[1]).mean() < 3 < np.abs(hues[0] - hues[2]).mean()


def test_a_picture_too_small_for_the_network_is_refused(bench: Bench) -> None:
    assert bench.done("local/style", image=bench.given(picture(20, 20), "a.png"), **STYLE).error_code == "input_refused"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_inpainting_fills_the_mask_and_leaves_every_other_pixel(bench: Bench, mode: str) -> None:
    clean = picture(120, 80, shift=-500).convert(mode)
    scratched = clean.copy()
    mask = Image.new("L", clean.size)
    for image, ink in ((scratched, "white"), (mask, 255)):
        ImageDraw.Draw(image).line((10, 10, 100, 60), fill=ink, width=4)
    given = {"image": bench.given(scratched, "a.png"), "mask": bench.given(mask, "m.png")}
    made = bench.made("local/inpaint", **given, radius=5)
    outside = np.asarray(mask) < 128
    assert made.mode == mode
    assert (np.asarray(made)[outside] == np.asarray(scratched)[outside]).all()
    assert difference(made, clean) < 0.5 < difference(scratched, clean)


def test_a_mask_of_another_size_is_refused(bench: Bench) -> None:
    given = {"image": bench.given(picture(60, 40), "a.png"), "mask": bench.given(Image.new("L", (40, 60)), "m.png")}
    assert bench.done("local/inpaint", **given, radius=5).error_code == "input_refused"
