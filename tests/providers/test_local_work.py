"""What this machine makes of real pictures, with nothing more than the studio's own packages."""

import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from providers import catalogue
from providers.catalogue import Model
from providers.local import jobs
from tests.providers.local_films import decoded
from tests.providers.local_orders import Bench, difference, picture
from tests.providers.test_every_model import settings

MODELS = [model for model in catalogue.all_models() if model.routes[0].provider == "local"]
HERE = [model for model in MODELS if model.routes[0].endpoint not in jobs.missing()]
CROP: dict[str, Any] = {
    "aspect_ratio": "1:1",
    "anchor": "center",
    "longer_side": "auto",
    "output_format": "png",
    "output_quality": 92,
}
FILM: dict[str, Any] = {"duration": 1, "fps": 12, "resolution": 480}
# Longer than the media worker lets a task run would mean that it never ends.
LONGEST_SECONDS = 240


@pytest.fixture
def bench(tmp_path: Any) -> Bench:
    return Bench(tmp_path / "media", tmp_path / "work")


def halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "red")
    image.paste((0, 0, 255), (width // 2, 0, width, height))
    return image


def test_every_job_has_a_model_and_the_other_way_round() -> None:
    assert {model.routes[0].endpoint for model in MODELS} == set(jobs.JOBS)
    assert all("this machine" in model.name for model in MODELS)
    assert max(model.deadline_seconds for model in MODELS) <= LONGEST_SECONDS


def test_sizes_are_exact_and_the_middle_is_kept(bench: Bench) -> None:
    made = bench.made("local/crop", image=bench.given(halves(), "a.png"), **CROP)
    assert made.size == (40, 40)
    assert (made.getpixel((0, 0)), made.getpixel((39, 39))) == ((255, 0, 0), (0, 0, 255))


@pytest.mark.parametrize(("anchor", "colour"), [("left", (255, 0, 0)), ("right", (0, 0, 255))])
def test_the_part_asked_for_is_kept(bench: Bench, anchor: str, colour: tuple[int, int, int]) -> None:
    settings = CROP | {"aspect_ratio": "9:16", "anchor": anchor}
    made = bench.made("local/crop", image=bench.given(halves(), "a.png"), **settings)
    assert made.size == (22, 40)
    assert made.getcolors() == [(22 * 40, colour)]


@pytest.mark.parametrize(("format_", "name"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_the_format_is_the_one_asked_for(bench: Bench, format_: str, name: str) -> None:
    settings = CROP | {"aspect_ratio": "auto", "longer_side": "512", "output_format": format_}
    made = bench.made("local/crop", image=bench.given(picture(300, 200), "a.png"), **settings)
    assert (made.format, made.size) == (name, (512, 341))
    assert difference(made, picture(300, 200).resize((512, 341), Image.Resampling.LANCZOS)) < 3


def test_transparency_is_kept_where_the_format_has_it_and_white_elsewhere(bench: Bench) -> None:
    image = bench.given(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), "a.png")
    assert bench.made("local/crop", image=image, **CROP).getpixel((0, 0)) == (255, 0, 0, 0)
    flat = bench.made("local/crop", image=image, **CROP | {"output_format": "jpg"})
    assert flat.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "AVIF"])
def test_every_kind_that_is_kept_can_be_worked_on(bench: Bench, kind: str) -> None:
    image = bench.given(halves(), f"a.{kind.lower()}", format=kind)
    assert bench.made("local/crop", image=image, **CROP).size == (40, 40)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_enlarging_keeps_what_is_there(bench: Bench, scale: int) -> None:
    source = picture(90, 60)
    made = bench.made("local/enlarge", image=bench.given(source, "a.png"), scale=scale, output_format="png")
    assert made.size == (90 * scale, 60 * scale)
    assert difference(made.resize(source.size, Image.Resampling.BOX), source) < 1.5


@pytest.mark.parametrize(
    ("where", "size", "corner"),
    [
        ("zoom_out_1_5", (90, 60), (15, 10)),
        ("zoom_out_2", (120, 80), (30, 20)),
        ("make_square", (60, 60), (0, 10)),
        ("left", (75, 40), (15, 0)),
        ("right", (75, 40), (0, 0)),
        ("top", (60, 50), (0, 10)),
        ("bottom", (60, 50), (0, 0)),
    ],
)
def test_a_margin_leaves_the_picture_as_it_is(
    bench: Bench, where: str, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    source = picture(60, 40)
    made = bench.made("local/expand", image=bench.given(source, "a.png"), outpaint=where)
    assert made.size == size
    kept = made.crop((*corner, corner[0] + 60, corner[1] + 40))
    assert kept.tobytes() == source.tobytes()
    # No seam: at the picture's edge the margin begins with what is there.
    values = np.asarray(made, np.float32)
    for axis, place in ((1, corner[0]), (0, corner[1])):
        if place:
            across = values if axis else values.swapaxes(0, 1)
            assert np.abs(across[:, place] - across[:, place - 1]).mean() < 12


def test_a_cross_fade_has_the_frames_asked_for_and_both_pictures_at_its_ends(bench: Bench) -> None:
    first, last = halves(640, 480), picture(800, 480)
    given = {"first_frame": bench.given(first, "a.png"), "last_frame": bench.given(last, "b.png")}
    frames = decoded(bench.done("local/cross-fade", **given, **FILM).inline_outputs[0])
    assert len(frames) == 12
    assert {frame.size for frame in frames} == {(640, 480)}
    assert difference(frames[0], first) < 4
    assert difference(frames[-1], last.crop((80, 0, 720, 480))) < 4
    distances = [difference(frame, first) for frame in frames]
    assert distances == sorted(distances)


def test_a_frame_that_would_be_endless_is_refused(bench: Bench) -> None:
    given = {"first_frame": bench.given(Image.new("RGB", (4_000, 2)), "a.png")}
    update = bench.done("local/cross-fade", **given, last_frame=given["first_frame"], **FILM)
    assert update.error_code == "input_too_large"


@pytest.mark.parametrize("model", [one for one in HERE if one.id != "local-join"], ids=lambda model: model.id)
def test_the_size_that_was_foretold_is_the_size_it_has(bench: Bench, model: Model) -> None:
    """With every setting at its bounds and each choice that bears on the size."""
    (route,) = model.routes
    source = picture(36, 44)
    given = {slot.name: [bench.given(source, f"{slot.name}.png")] for slot in model.slots}
    seen = set()
    for cleaned in settings(model):
        foretold = model.frame(cleaned, source.size)
        body = model.build_inputs(route, "", cleaned, given)
        essence = json.dumps({"size": foretold, "format": cleaned.get("output_format"), "fps": cleaned.get("fps")})
        if essence in seen or max(foretold) > 2_000:
            continue
        seen.add(essence)
        update = bench.done(route.endpoint, **body)
        assert update.error_code == "", update.error_detail
        (content,) = update.inline_outputs
        if model.output_kind == "image":
            path = bench.media / "made"
            path.write_bytes(content)
            with Image.open(path) as image:
                assert image.size == foretold
        else:
            frames = decoded(content)
            assert frames[0].size == foretold
            assert len(frames) == int(cleaned["duration"]) * int(cleaned["fps"])
