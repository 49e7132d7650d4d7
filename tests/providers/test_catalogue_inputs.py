"""Files, tasks, routes and prices of a model, beyond what the three first models need."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from providers import catalogue
from providers.catalogue import Model, ParameterErrors, Price, Route, frames
from providers.catalogue.loader import read_file
from providers.catalogue.price import Rate
from providers.catalogue.tasks import task_for

UPSCALER = """
id = "larger"
name = "Larger"
tasks = ["upscale"]
output_kind = "image"
order = 1
prompt_max_length = 0
needs_prompt = false
deadline_seconds = 60
typical_seconds = 2
rate_per_minute = 10
frames = "source"
summary = { en = "Larger.", ru = "Больше." }

[price]
unit = "run"
millicredits = 10
source = "made up"
checked_on = 2026-11-22

[[routes]]
provider = "replicate"
endpoint = "somebody/larger"

[[inputs]]
name = "image"
label = { en = "Picture", ru = "Картинка" }
help = { en = "What to enlarge.", ru = "Что увеличить." }
"""
VIDEO = ("text-to-video", "image-to-video", "first-last-frame")
NOWHEN: dict[str, Any] = {"source": "a test", "checked_on": date(2026, 11, 1), "times": ""}


@pytest.mark.parametrize(
    ("given", "task"),
    [
        (set(), "text-to-video"),
        ({"first_frame"}, "image-to-video"),
        ({"first_frame", "last_frame"}, "first-last-frame"),
        ({"video"}, "text-to-video"),
    ],
)
def test_the_files_tell_the_task(given: set[str], task: str) -> None:
    assert task_for(VIDEO, given) == task


def test_without_the_file_it_needs_there_is_no_task() -> None:
    assert task_for(("upscale", "inpaint"), {"mask"}) is None


def test_a_route_writes_the_providers_own_request() -> None:
    route = Route(
        provider="fal",
        endpoint="a/b",
        fields={"first_frame": "start_image_url", "image": "image_urls", "aspect_ratio": "image_size"},
        values={"aspect_ratio": {"1:1": "square_hd"}, "loud": {"true": "on"}},
        constants={"enable_safety_checker": True},
        omits=("seed",),
        lists=("image",),
        numbers=("duration",),
        texts=("count",),
    )
    settings = {
        "prompt": "a fox",
        "aspect_ratio": "1:1",
        "loud": True,
        "seed": 7,
        "duration": "5",
        "count": 2,
        "nothing": None,
    }
    assert route.write(settings, {"first_frame": ["u"], "image": ["v"], "mask": []}) == {
        "enable_safety_checker": True,
        "prompt": "a fox",
        "image_size": "square_hd",
        "loud": "on",
        "duration": 5,
        "count": "2",
        "start_image_url": "u",
        "image_urls": ["v"],
    }


@pytest.mark.parametrize(
    ("price", "cleaned", "millicredits"),
    [
        (Price(unit="run", millicredits=40, **NOWHEN), {}, 40),
        (Price(unit="megapixel", millicredits=25, **NOWHEN), {}, 50),
        (Price(unit="second", millicredits=100, seconds="duration", **NOWHEN), {"duration": "5s"}, 500),
        (Price(unit="image", millicredits=7, **(NOWHEN | {"times": "count"})), {"count": 3}, 21),
        (
            Price(
                unit="second",
                millicredits=100,
                seconds="duration",
                rates=(Rate(when={"resolution": "1080p", "sound": "true"}, millicredits=300),),
                **NOWHEN,
            ),
            {"duration": 10, "resolution": "1080p", "sound": True},
            3000,
        ),
    ],
)
def test_a_price_counts_its_own_units(price: Price, cleaned: dict[str, object], millicredits: int) -> None:
    assert price.of(cleaned, (1344, 768)) == millicredits


@pytest.mark.parametrize(
    ("family", "cleaned", "source", "frame"),
    [
        ("area", {"aspect_ratio": "1:1", "resolution": "2K"}, None, (2048, 2048)),
        ("area", {"size": "1365x1024"}, None, (1365, 1024)),
        ("area", {"image_size": "landscape_16_9"}, None, (1368, 768)),
        ("area", {"image_size": "portrait_16_9"}, None, (768, 1368)),
        ("area", {"aspect_ratio": "auto"}, (600, 800), (888, 1184)),
        ("video", {"aspect_ratio": "9:16", "resolution": "1080p"}, None, (1080, 1920)),
        ("video", {}, None, (1280, 720)),
        ("video", {"resolution": "480p"}, (1000, 1000), (480, 480)),
        ("source", {"scale": "4x"}, (512, 300), (2048, 1200)),
        ("source", {}, (640, 480), (640, 480)),
    ],
)
def test_a_card_knows_its_frame(
    family: str, cleaned: dict[str, object], source: tuple[int, int] | None, frame: tuple[int, int]
) -> None:
    assert frames.expected(family, cleaned, source) == frame


@pytest.fixture
def upscaler(tmp_path: Path) -> Model:
    file = tmp_path / "replicate" / "larger.toml"
    file.parent.mkdir()
    file.write_text(UPSCALER, encoding="utf-8")
    return read_file(file)


def test_an_error_names_the_input(upscaler: Model) -> None:
    with pytest.raises(ParameterErrors) as refused:
        upscaler.choose_task({"video": 1, "image": 3})
    assert set(refused.value.fields) == {"inputs.video", "inputs.image"}
    with pytest.raises(ParameterErrors) as refused:
        upscaler.choose_task({})
    assert set(refused.value.fields) == {"inputs.image"}
    assert upscaler.choose_task({"image": 1}) == "upscale"


def test_a_last_frame_needs_a_first_one() -> None:
    model = catalogue.get("wan-2.2-fast")
    assert model.choose_task({"first_frame": 1, "last_frame": 1}) == "first-last-frame"
    with pytest.raises(ParameterErrors) as refused:
        model.choose_task({"last_frame": 1})
    assert set(refused.value.fields) == {"inputs.first_frame"}


def test_a_mask_needs_its_picture() -> None:
    model = catalogue.get("z-image-turbo")
    assert model.choose_task({"image": 1, "mask": 1}) == "inpaint"
    with pytest.raises(ParameterErrors) as refused:
        model.choose_task({"mask": 1})
    assert set(refused.value.fields) == {"inputs.image"}


def test_files_of_two_tasks_do_not_go_together() -> None:
    model = catalogue.get("kling-o3-pro")
    assert model.choose_task({"image": 4}) == "reference-to-video"
    with pytest.raises(ParameterErrors) as refused:
        model.choose_task({"first_frame": 1, "last_frame": 1, "image": 1})
    assert set(refused.value.fields) == {"inputs.image"}


def test_a_file_that_no_task_needs_is_welcome() -> None:
    assert catalogue.get("kling-o3-edit").choose_task({"video": 1, "image": 2}) == "video-edit"


def test_a_route_that_cannot_do_a_setting_is_not_asked() -> None:
    model = catalogue.get("flux-schnell")
    assert [route.provider for route in model.routes_for("text-to-image", model.clean({}))] == ["replicate", "fal"]
    small = model.clean({"megapixels": "0.25"})
    assert [route.provider for route in model.routes_for("text-to-image", small)] == ["replicate"]
    assert len(model.routes_for("text-to-image")) == 2


def test_a_value_may_mean_that_nothing_is_sent() -> None:
    route = Route(provider="google", endpoint="a", values={"aspect_ratio": {"auto": ""}}, numbers=("aspect_ratio",))
    assert route.write({"prompt": "a fox", "aspect_ratio": "auto"}, {}) == {"prompt": "a fox"}


def test_what_is_not_sent_for_a_task_does_not_foretell_a_size() -> None:
    model = catalogue.get("kling-v3-pro")
    cleaned = model.clean({"aspect_ratio": "1:1"})
    assert model.frame(cleaned, None, "text-to-video") == (720, 720)
    assert model.frame(cleaned, (480, 360), "image-to-video") == (960, 720)
