"""The models on offer: what they accept, cost and send, and that they say it in both languages."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.utils.functional import Promise
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from providers import catalogue
from providers.catalogue import Model, ParameterErrors, Route

MODELS = {name: catalogue.get(name) for name in ("flux-schnell", "flux-dev", "flux-1.1-pro")}
SCHNELL, DEV, PRO = MODELS["flux-schnell"], MODELS["flux-dev"], MODELS["flux-1.1-pro"]
INTEGERS = [(model, one) for model in MODELS.values() for one in model.parameters if one.kind == "integer"]
HUGE = 10**400


def refused(model: Model, params: Mapping[str, Any]) -> dict[str, str]:
    with pytest.raises(ParameterErrors) as caught:
        model.clean(params)
    return {name: str(sentence) for name, sentence in caught.value.fields.items()}


def test_the_quick_and_cheap_stand_first() -> None:
    assert [model.id for model in catalogue.all_models()][:3] == list(MODELS)


def test_a_model_is_found_by_its_id_and_no_other_text() -> None:
    assert catalogue.get("flux-dev") == DEV
    for name in ("", "FLUX-DEV", "../admin", "flux", "flux-dev\x00", "флюкс"):
        with pytest.raises(catalogue.UnknownModel):
            catalogue.get(name)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_every_model_is_whole(model: Model) -> None:
    assert model.has_seed
    assert model.prompt_max_length == 4_000
    assert model.price.checked_on.year == 2026
    assert model.routes[0].endpoint == f"black-forest-labs/{model.id}"


def test_choices_have_words_where_the_value_is_none() -> None:
    with override("ru"):
        assert dict(PRO.parameters[0].options)["custom"] == "Свой размер"
        assert dict(PRO.parameters[0].options)["1:1"] == "1:1"


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_what_may_not_be_asked_for_is_not_offered(model: Model) -> None:
    left_out = {"disable_safety_checker", "image", "image_prompt", "prompt"}
    assert not left_out & {one.name for one in model.parameters}


def test_nothing_said_means_the_defaults() -> None:
    assert SCHNELL.clean({}) == {
        "aspect_ratio": "1:1",
        "num_outputs": 1,
        "seed": None,
        "megapixels": "1",
        "num_inference_steps": 4,
        "go_fast": True,
        "output_format": "webp",
        "output_quality": 80,
    }
    assert DEV.clean({})["guidance"] == 3.0
    assert DEV.clean({})["num_inference_steps"] == 28
    assert PRO.clean({})["safety_tolerance"] == 2


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_what_is_clean_stays_as_it_is(model: Model) -> None:
    cleaned = model.clean({"seed": 5})
    assert model.clean(cleaned) == cleaned
    assert model.clean(json.loads(json.dumps(cleaned))) == cleaned


@pytest.mark.parametrize(("model", "parameter"), INTEGERS, ids=lambda one: getattr(one, "id", getattr(one, "name", "")))
def test_a_whole_number_is_one_and_within_its_range(model: Model, parameter: catalogue.Parameter) -> None:
    assert parameter.minimum is not None
    assert parameter.maximum is not None
    low, high = int(parameter.minimum), int(parameter.maximum)
    for value in (low, high):
        assert parameter.accepts(value)
    wrong: list[object] = [low - 1, high + 1, HUGE, -HUGE, 1.5, 1.0, float("nan"), float("inf"), True, "5", "", [5], {}]
    for mistake in wrong:
        assert not parameter.accepts(mistake)
        sentence = refused(model, {parameter.name: mistake})[parameter.name]
        assert str(parameter.label) in sentence
        assert str(low) in sentence
        assert str(high) in sentence


@pytest.mark.parametrize("value", [0, 10, 3.5, 7])
def test_a_number_may_be_whole_or_not(value: float) -> None:
    cleaned = DEV.clean({"guidance": value})["guidance"]
    assert cleaned == value
    assert type(cleaned) is float


@pytest.mark.parametrize(
    "value", [-0.1, 10.1, float("nan"), float("inf"), float("-inf"), HUGE, -HUGE, True, "3", "", None, [3]], ids=repr
)
def test_a_number_out_of_range_or_of_another_type_is_refused(value: object) -> None:
    assert refused(DEV, {"guidance": value}) == {"guidance": "Guidance must be a number from 0 to 10."}


@pytest.mark.parametrize("value", [0, 1, "true", "", None, [], 0.0])
def test_on_or_off_is_true_or_false_and_nothing_else(value: object) -> None:
    assert refused(SCHNELL, {"go_fast": value}) == {"go_fast": "Fast mode must be either on or off."}


@pytest.mark.parametrize("value", ["", "2:1", "1:1 ", 1, 1.0, True, None, ["1:1"], {"1:1": 1}, "custom"])
def test_a_choice_is_one_of_them(value: object) -> None:
    sentence = refused(SCHNELL, {"aspect_ratio": value})["aspect_ratio"]
    assert sentence.startswith("Aspect ratio must be one of these: 1:1, 16:9,")


@pytest.mark.parametrize("value", [1, 0.25, "1.0", "0,25"])
def test_megapixels_are_texts_as_the_provider_has_them(value: object) -> None:
    assert list(refused(SCHNELL, {"megapixels": value})) == ["megapixels"]


@pytest.mark.parametrize("name", ["cost", "user_id", "status", "prompt", "Seed", "seed ", "", "disable_safety_checker"])
def test_an_unknown_setting_is_refused_by_name(name: str) -> None:
    assert refused(SCHNELL, {name: 1}) == {name: f"FLUX Schnell has no setting called {name}."}


def test_names_that_no_answer_could_carry_are_written_out() -> None:
    fields = refused(SCHNELL, {"\ud800": 1, "a\x00b": 1, "x" * 10_000: 1, "{label}": 1, "%(a)s": 1})
    assert json.dumps(fields, ensure_ascii=False).encode()
    assert set(fields) == {"\\ud800", "a\\x00b", "x" * 40, "{label}", "%(a)s"}


def test_a_thousand_unknown_settings_are_not_all_repeated() -> None:
    assert len(refused(SCHNELL, {f"name{number}": 1 for number in range(1_000)})) == 10


@pytest.mark.parametrize("params", [None, [], "x", 5, [("seed", 1)]])
def test_settings_that_are_no_object_are_refused(params: Any) -> None:
    assert list(refused(SCHNELL, params)) == ["params"]


def test_every_mistake_is_told_at_once_and_in_the_language_of_who_reads() -> None:
    with pytest.raises(ParameterErrors) as caught:
        DEV.clean({"seed": -1, "guidance": "x", "go_fast": 1, "nonsense": 1})
    assert set(caught.value.fields) == {"seed", "guidance", "go_fast", "nonsense"}
    assert all(isinstance(sentence, Promise) for sentence in caught.value.fields.values())
    with override("ru"):
        assert "Зерно" in str(caught.value.fields["seed"])


@given(st.dictionaries(st.sampled_from([one.name for one in PRO.parameters]), st.none() | st.booleans() | st.integers() | st.floats() | st.text()))  # fmt: skip  # noqa: E501
def test_whatever_is_sent_is_cleaned_or_refused_and_never_crashes(params: dict[str, Any]) -> None:
    try:
        cleaned = PRO.clean(params)
    except ParameterErrors as error:
        assert all(str(sentence) for sentence in error.fields.values())
    else:
        assert PRO.clean(cleaned) == cleaned
        assert PRO.frame(cleaned)[0] > 0


def test_an_own_size_needs_both_sides() -> None:
    assert PRO.clean({"aspect_ratio": "custom", "width": 1440, "height": 256})["width"] == 1440
    assert refused(PRO, {"aspect_ratio": "custom"}) == {
        "width": "Width is needed when Aspect ratio is custom.",
        "height": "Height is needed when Aspect ratio is custom.",
    }
    assert list(refused(PRO, {"aspect_ratio": "custom", "width": 512})) == ["height"]


@pytest.mark.parametrize("width", [255, 257, 1000, 1472, 0, -32])
def test_an_own_size_is_a_multiple_of_32_within_its_range(width: int) -> None:
    fields = refused(PRO, {"aspect_ratio": "custom", "width": width, "height": 512})
    assert fields == {"width": "Width must be a whole number from 256 to 1440 and a multiple of 32."}


def test_a_size_beside_an_aspect_ratio_is_refused() -> None:
    fields = refused(PRO, {"aspect_ratio": "16:9", "width": 512, "height": 512})
    assert fields["width"] == "Width can be set only when Aspect ratio is custom."
    assert PRO.clean({"aspect_ratio": "16:9", "width": None})["width"] is None


@pytest.mark.parametrize(
    ("model", "params", "millicredits"),
    [
        (SCHNELL, {}, 300),
        (SCHNELL, {"num_outputs": 4}, 1_200),
        (DEV, {}, 2_500),
        (DEV, {"num_outputs": 3}, 7_500),
        (PRO, {}, 4_000),
    ],
)
def test_a_price_is_for_each_picture(model: Model, params: dict[str, Any], millicredits: int) -> None:
    quoted = model.quote_millicredits(model.clean(params))
    assert quoted == millicredits
    assert type(quoted) is int


@pytest.mark.parametrize(
    ("aspect_ratio", "frame"),
    [
        ("1:1", (1024, 1024)),
        ("16:9", (1344, 768)),
        ("21:9", (1536, 640)),
        ("3:2", (1216, 832)),
        ("2:3", (832, 1216)),
        ("4:5", (896, 1088)),
        ("5:4", (1088, 896)),
        ("3:4", (896, 1152)),
        ("4:3", (1152, 896)),
        ("9:16", (768, 1344)),
        ("9:21", (640, 1536)),
    ],
)
def test_a_card_has_its_place_before_the_picture_is_there(aspect_ratio: str, frame: tuple[int, int]) -> None:
    assert SCHNELL.frame(SCHNELL.clean({"aspect_ratio": aspect_ratio})) == frame
    small = SCHNELL.clean({"aspect_ratio": aspect_ratio, "megapixels": "0.25"})
    assert SCHNELL.frame(small) == (frame[0] // 2, frame[1] // 2)


def test_an_own_size_is_the_frame() -> None:
    assert PRO.frame(PRO.clean({"aspect_ratio": "custom", "width": 640, "height": 1440})) == (640, 1440)


def test_what_was_not_said_is_not_sent() -> None:
    inputs = PRO.build_inputs(PRO.routes[0], "a fox", PRO.clean({"seed": 0}))
    assert inputs == {
        "prompt": "a fox",
        "aspect_ratio": "1:1",
        "seed": 0,
        "prompt_upsampling": False,
        "safety_tolerance": 2,
        "output_format": "webp",
        "output_quality": 80,
    }


def test_a_route_may_call_things_by_other_names() -> None:
    route = Route(provider="replicate", endpoint="a/b", fields={"prompt": "text", "num_outputs": "count"})
    inputs = SCHNELL.build_inputs(route, "a fox", SCHNELL.clean({"num_outputs": 2}))
    assert (inputs["text"], inputs["count"]) == ("a fox", 2)
    assert not {"prompt", "num_outputs"} & set(inputs)
