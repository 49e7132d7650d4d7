"""A frame drawn round a picture: what it may be, what it costs, and how each model is told."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from generations import framing, goals
from generations.actions.requesting import Wish, request_generation
from generations.models import Generation
from providers import catalogue
from providers.catalogue import ParameterErrors
from tests.generations.test_other_providers import uploaded

SOURCE = (320, 240)


def margins(left: int, top: int, right: int, bottom: int) -> dict[str, int]:
    return {"margin_left": left, "margin_top": top, "margin_right": right, "margin_bottom": bottom}


def wish(person: User, **params: Any) -> Wish:
    picture = uploaded(person, *SOURCE)
    return Wish(model_id="bria-expand", prompt="", params=params, inputs={"image": [picture.pk]})


def framed(model_id: str, **params: Any) -> framing.Framing:
    model = catalogue.get(model_id)
    found = framing.framing_of(model, goals.GOALS[3], model.clean(params), SOURCE)
    assert found is not None
    return found


def test_margins_are_told_as_a_canvas_and_the_card_has_its_shape(alice: User) -> None:
    asked = wish(alice, aspect_ratio="custom", seed=7, **margins(10, 0, 30, 60))
    generation = request_generation(alice, asked).generation
    assert (generation.frame_width, generation.frame_height) == (360, 300)
    model = catalogue.get("bria-expand")
    frame = (generation.frame_width, generation.frame_height)
    body = model.build_inputs(model.routes[0], "", generation.params, {"image": ["u"]}, frame)
    assert body == {
        "image": "u",
        "seed": 7,
        "canvas_size": [360, 300],
        "original_image_size": [320, 240],
        "original_image_location": [10, 0],
    }
    shaped = model.clean({"aspect_ratio": "16:9"})
    assert model.build_inputs(model.routes[0], "", shaped, {"image": ["u"]}, (1368, 768)) == {
        "image": "u",
        "aspect_ratio": "16:9",
    }


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        ((0, 0, 0, 0), "At least one margin must be larger than zero."),
        ((4000, 0, 1000, 0), "With its margins the picture may have at most 5000 pixels a side."),
        ((4001, 0, 0, 0), "Left must be a whole number from 0 to 4000."),
    ],
)
def test_a_frame_that_cannot_be_is_refused_before_anything_is_held(
    alice: User, drawn: tuple[int, int, int, int], sentence: str
) -> None:
    with pytest.raises(ParameterErrors) as refused:
        request_generation(alice, wish(alice, aspect_ratio="custom", **margins(*drawn)))
    assert [str(one) for one in refused.value.fields.values()] == [sentence]
    assert not Generation.objects.for_user(alice).exists()


@pytest.mark.parametrize(
    ("model", "params", "way", "drawn", "size"),
    [
        ("bria-expand", {"aspect_ratio": "custom", **margins(1, 2, 3, 4)}, "margins", "1 2 3 4", "324 × 246"),
        ("bria-expand", {"aspect_ratio": "1:1"}, "margins", "0 40 0 40", "1024 × 1024"),
        ("local-expand", {"outpaint": "left"}, "margins", "80 0 0 0", "400 × 240"),
        ("flux-fill-pro", {"outpaint": "zoom_out_2"}, "mask", "160 120 160 120", "640 × 480"),
        ("luma-photon-reframe", {"aspect_ratio": "16:9"}, "ratio", "53 0 54 0", "1368 × 768"),
    ],
)
def test_the_page_knows_how_a_model_takes_a_frame_and_what_the_settings_come_to(
    model: str, params: dict[str, Any], way: str, drawn: str, size: str
) -> None:
    found = framed(model, **params)
    assert (found.way, found.drawn, found.size) == (way, drawn, size)


def test_there_is_no_frame_for_another_goal_or_model() -> None:
    model = catalogue.get("flux-fill-pro")
    assert framing.framing_of(model, goals.GOALS[2], model.clean({}), SOURCE) is None
    assert catalogue.get("flux-schnell").framing == ""


def test_the_quote_says_the_frame_for_the_picture_that_is_there(alice: User, client: Client) -> None:
    client.force_login(alice)
    picture = uploaded(alice, *SOURCE)
    form = {"model": "bria-expand", "goal": "expand", "aspect_ratio": "custom", "inputs.image": str(picture.pk)}
    page = client.post("/quote/", form | margins(0, 0, 80, 0)).content.decode()
    assert 'data-drawn="0 0 80 0" data-size="400 × 240"' in page
