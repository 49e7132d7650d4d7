"""The files that say what endpoints take: each is sound, and what is read from a body is what was meant."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from providers.catalogue.tasks import TASKS
from providers.sandbox import schemas
from providers.sandbox.schemas.loader import FOLDER, BadSchema, _read, file_of
from providers.sandbox.schemas.reading import at, default_at

PROVIDERS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_"))
EVERY = [schema for provider in PROVIDERS for schema in schemas.every(provider).values()]


def schema(roles: Mapping[str, Any], kind: str = "image", tasks: tuple[str, ...] = ("text-to-image",), **more: Any):
    return schemas.Schema(
        provider="test",
        endpoint="test",
        tasks=tasks,
        input=more.pop("input", {}),
        roles={role: (names,) if isinstance(names, str) else names for role, names in roles.items()},
        output={"kind": kind, "shape": "list"} | more.pop("output", {}),
        seconds=1,
        description="",
        versions=(),
        source="",
        **more,
    )


def picture(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.provider}:{one.endpoint}")
def test_every_file_is_sound(one: schemas.Schema) -> None:
    assert set(one.tasks) <= set(TASKS)
    assert one.input["additionalProperties"] is False
    assert set(one.input.get("required", ())) <= set(one.input["properties"])
    unknown = [way for ways in one.roles.values() for way in ways if way.split(".")[0] not in one.input["properties"]]
    assert unknown == []
    for name, field in one.input["properties"].items():
        if (usual := default_at(one.input, name)) is not None:
            found = [problem for problem in one.problems({name: usual}) if problem.loc[:1] == (name,)]
            assert (name, field, found) == (name, field, [problem for problem in found if problem.type == "required"])


def test_an_endpoint_without_a_file_is_unknown() -> None:
    assert schemas.of("replicate", "nobody/nothing") is None
    assert schemas.of("nobody", "nothing") is None
    assert file_of("fal", "fal-ai/flux/dev").name == "fal-ai__flux__dev.json"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "Expecting"),
        ('{"input": {"type": 5}}', "not valid"),
        ('{"input": {}, "roles": {"colour": "x"}}', "unknown role 'colour'"),
        ('{"input": {}, "extra": 1}', "unknown key 'extra'"),
    ],
)
def test_a_wrong_file_is_named(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "a__b.json"
    path.write_text(text)
    with pytest.raises(BadSchema, match=f"a__b.json: .*{complaint}"):
        _read(path)


def test_problems_say_where_and_what_without_repeating_themselves() -> None:
    dev = schemas.of("replicate", "black-forest-labs/flux-dev")
    assert dev is not None
    body = {"seed": True, "guidance": 11, "aspect_ratio": "1:2", "megapixels": 1, "image": "ftp://x", "colour": "red"}
    found = {problem.loc: (problem.type, problem.given) for problem in dev.problems(body)}
    assert found == {
        ("prompt",): ("required", None),
        ("colour",): ("additionalProperties", "red"),
        ("seed",): ("type", True),
        ("guidance",): ("maximum", 11),
        ("aspect_ratio",): ("enum", "1:2"),
        ("megapixels",): ("type", 1),
        ("image",): ("format", "ftp://x"),
    }
    assert dev.problems({"prompt": "x", "num_outputs": 2.0})[0].type == "type"
    assert dev.problems({"prompt": "x", "seed": 5}) == []


@pytest.mark.parametrize(
    ("aspect", "resolution", "size"),
    [
        ("16:9", None, (1368, 768)),
        ("9:16", "2K", (1536, 2728)),
        ("1:1", "1 MP", (1024, 1024)),
        ("landscape_16_9", None, (1024, 576)),
        ({"width": 300, "height": 200}, None, (300, 200)),
        ("1024x1536", None, (1024, 1536)),
        ("2K", None, (1024, 1024)),
        (None, None, (1024, 1024)),
        ("auto", "4K", (4096, 4096)),
    ],
)
def test_sizes_of_pictures_are_read_from_what_was_said(aspect: Any, resolution: Any, size: tuple[int, int]) -> None:
    order = schema({"aspect": "a", "resolution": "r"}).order({"a": aspect, "r": resolution}, {})
    assert (order.width, order.height) == size


@pytest.mark.parametrize(
    ("aspect", "resolution", "size"),
    [
        ("16:9", "1080p", (1920, 1080)),
        ("9:16", "480p", (480, 856)),
        ("16:9", None, (1280, 720)),
        ("1:1", "4k", (2160, 2160)),
        (None, "832*480", (832, 480)),
        (None, "1080p", (1920, 1080)),
    ],
)
def test_sizes_of_films_go_by_their_short_side(aspect: Any, resolution: Any, size: tuple[int, int]) -> None:
    one = schema({"aspect": "a", "resolution": "r"}, "video", ("text-to-video",))
    order = one.order({"a": aspect, "r": resolution}, {})
    assert (order.width, order.height) == size


def test_what_is_worked_on_gives_its_size_unless_one_is_asked_for() -> None:
    usual = {"properties": {"a": {"default": "16:9"}}}
    one = schema({"aspect": "a", "image": "i"}, tasks=("image-edit",), input=usual)
    assert (one.order({}, {"image": [picture(50, 40)]}).width) == 0
    assert (one.order({"a": "match_input_image"}, {"image": [picture(50, 40)]}).width) == 0
    assert (one.order({"a": "1:1"}, {"image": [picture(50, 40)]}).width) == 1024


@pytest.mark.parametrize(
    ("body", "margins"),
    [
        ({"l": 10, "b": 7}, (10, 0, 0, 7)),
        ({"o": "Zoom out 2x"}, (200, 100, 200, 100)),
        ({"o": "Left outpaint"}, (100, 0, 0, 0)),
        ({"o": "Make square"}, (0, 100, 0, 100)),
        ({"c": [600, 300], "s": [400, 200], "p": [50, 100]}, (50, 100, 150, 0)),
        ({"c": [600, 300], "s": [200, 100]}, (400, 200, 400, 200)),
        ({"a": "16:9"}, (0, 12, 0, 13)),
        ({}, (0, 100, 0, 100)),
    ],
)
def test_a_wider_view_is_read_from_what_was_said(body: dict[str, Any], margins: tuple[int, int, int, int]) -> None:
    roles = {"left": "l", "bottom": "b", "outpaint": "o", "canvas": "c", "placed_size": "s", "placed_at": "p"}
    one = schema(roles | {"aspect": "a", "image": "i"}, tasks=("expand",))
    assert one.order(body, {"image": [picture(400, 200)]}).margins == margins


def test_the_files_that_are_named_choose_the_task() -> None:
    tasks = ("text-to-video", "image-to-video", "first-last-frame")
    one = schema({"first_frame": "a", "last_frame": ["b", "c.0.url"]}, "video", tasks)
    body = {"a": "x", "c": [{"url": "y"}]}
    assert one.references(body) == {"first_frame": ("x",), "last_frame": ("y",)}
    assert one.task(one.references(body)) == "first-last-frame"
    assert one.task({"first_frame": ("x",)}) == "image-to-video"
    assert one.task({}) == "text-to-video"
    assert schema({"image": ["i", "more"]}).references({"i": "1", "more": ["2", "3"]}) == {"image": ("1", "2", "3")}


def test_lengths_seeds_counts_and_defaults() -> None:
    given = {"properties": {"d": {"default": "8s"}, "p": {"properties": {"f": {"default": "jpeg"}}}}}
    roles = {"duration": "d", "format": "p.f", "seed": "s", "count": "n", "frames": "k", "fps": "r", "prompt": "w"}
    one = schema(roles, "video", ("text-to-video",), input=given)
    order = one.order({"w": "a lake [[slow=3]]"}, {}, seed=9)
    assert (order.seconds, order.format, order.seed, order.prompt) == (8, "jpg", 9, "a lake")
    assert one.order({"d": "10", "s": 0}, {}).seconds == 10
    assert one.order({"s": 0}, {}, seed=9).seed == 0
    assert one.order({"s": -1}, {}, seed=9).seed == 9
    assert (one.count({}), one.count({"n": 3})) == (1, 3)
    by_frames = schema({"frames": "k", "fps": "r"}, "video", ("text-to-video",))
    assert by_frames.order({"k": 81, "r": 16}, {}).seconds == pytest.approx(5.06, abs=0.01)
    assert by_frames.order({}, {}).seconds == 5
    assert at({"a": [1]}, "a.1") is None


def test_a_film_keeps_the_shape_of_its_first_frame_and_has_its_resolution() -> None:
    one = schema({"resolution": "resolution", "first_frame": "image"}, kind="video", tasks=("image-to-video",))
    files = {"first_frame": (picture(480, 360),)}
    order = one.order({"image": "x", "resolution": "720p"}, files)
    assert (order.width, order.height) == (960, 720)
    order = one.order({"image": "x"}, files)
    assert (order.width, order.height) == (0, 0)


def test_a_ratio_outweighs_the_usual_pixels() -> None:
    size = {"properties": {"size": {"default": "1024x1024"}, "aspect_ratio": {}}}
    one = schema({"resolution": "size", "aspect": "aspect_ratio"}, input=size)
    assert (one.order({"aspect_ratio": "2:1"}, {}).width, one.order({}, {}).width) == (1448, 1024)
