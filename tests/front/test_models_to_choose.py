"""Every model that the create page can serve is to be found there, with its price, its files and its own form."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations import goals
from generations.actions import filming
from generations.models import Generation
from providers import catalogue
from providers.catalogue import Model
from tests.media_pipeline import pictures

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}
SERVED = [model for model in catalogue.all_models() if goals.is_served(model)]


def uploaded(client: Client, width: int = 64, height: int = 48) -> str:
    file = SimpleUploadedFile("a.png", pictures.encoded("PNG", width, height), "image/png")
    return str(client.post("/api/upload", {"files": [file]}).json()[0]["id"])


def test_every_model_can_be_asked_for_here_or_by_the_room_it_is_for() -> None:
    assert [model.id for model in catalogue.all_models() if not goals.is_served(model)] == [filming.JOINER]


def test_the_list_shows_every_model_on_offer_under_each_thing_it_does(
    hers: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hers.get("/models/")
    with django_assert_num_queries(4):  # session, person, pictures, pins
        content = hers.get("/models/", headers=HTMX).content.decode()
    for goal in goals.GOALS:
        group = content[content.index(f'id="group-{goal.name}"') :].partition("</section>")[0]
        listed = re.findall(r'href="/\?model=([^&]+)&amp;goal=(\w+)"', group)
        on_offer = [model.id for model in catalogue.available() if goal.takes(model)]
        assert listed == [(model_id, goal.name) for model_id in on_offer]
        assert len(re.findall(r'picker-price">[\d.,]+ cr', group)) == len(on_offer)


@pytest.mark.parametrize("model", SERVED, ids=lambda model: model.id)
def test_a_models_composer_has_its_files_and_settings(model: Model, hers: Client) -> None:
    content = hers.get("/composer/", {"model": model.id, "from_model": "flux-schnell"}, headers=HTMX).content.decode()
    assert f'name="model" value="{model.id}"' in content
    # A mask is drawn for retouching, and asked for when the model does nothing else.
    does_more = model.tasks[0] != "inpaint"
    slots = [slot.name for slot in model.slots if not (slot.name == "mask" and does_more)]
    assert re.findall(r'data-tray="(\w+)"', content) == slots
    heeded = model.heeded_by(goals.goal_for(model).tasks)
    assert all((f'name="{one.name}"' in content) == (one.name in heeded) for one in model.parameters)
    assert ('id="id_prompt"' in content) == (model.prompt_max_length > 0)


def test_a_goal_chooses_a_model_and_keeps_one_that_is_of_use(hers: Client) -> None:
    chosen = {}
    for goal in goals.GOALS:
        content = hers.get("/composer/", {"model": "flux-2-pro", "goal": goal.name}, headers=HTMX).content.decode()
        found = re.search(r'name="model" value="([^"]+)"', content)
        assert found is not None
        assert f'name="goal" value="{goal.name}"' in content
        chosen[goal.name] = found[1]
    assert (chosen["image"], chosen["edit"]) == ("flux-2-pro", "flux-2-pro")
    assert catalogue.get(chosen["video"]).output_kind == "video"
    assert "upscale" in catalogue.get(chosen["improve"]).tasks


def test_what_is_to_be_edited_has_to_be_there(hers: Client, her: User) -> None:
    wish: dict[str, Any] = {"model": "flux-2-pro", "goal": "edit", "prompt": "a kite", "idempotency_key": "k"}
    page = hers.get("/?model=flux-2-pro&goal=edit").content.decode()
    assert re.search(r'data-tray="image"[^>]* data-needed', page)
    answer = hers.post("/", wish, headers=HTMX)
    assert (answer.status_code, " is needed." in answer.content.decode()) == (400, True)
    assert not Generation.objects.exists()
    assert hers.post("/", {**wish, "inputs.image": uploaded(hers)}, headers=HTMX).status_code == 201
    assert Generation.objects.for_user(her).get().task == "image-edit"


def test_words_meant_for_another_model_are_kept_but_not_sent_to_one_that_takes_none(hers: Client, her: User) -> None:
    given = {"model": "topaz-upscale", "from_model": "flux-dev", "prompt": "a kite"}
    assert 'name="prompt" value="a kite"' in hers.get("/composer/", given, headers=HTMX).content.decode()
    wish = {"model": "topaz-upscale", "prompt": "a kite", "inputs.image": uploaded(hers), "idempotency_key": "k"}
    assert hers.post("/", wish, headers=HTMX).status_code == 201
    assert Generation.objects.for_user(her).get().prompt == ""


def test_the_price_of_an_enlargement_follows_the_file(hers: Client) -> None:
    small, large = ({"model": "seedvr-upscale", "inputs.image": uploaded(hers, side, side)} for side in (500, 1500))
    prices = [re.search(r"([\d.]+) cr", hers.post("/quote/", form).content.decode()) for form in (small, large)]
    cheap, dear = (float(found[1]) for found in prices if found)
    assert cheap < dear


def test_the_create_page_takes_a_pinned_number_of_queries(
    hers: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    named = uploaded(hers)
    hers.get("/?model=flux-2-pro")
    with django_assert_num_queries(8):  # session, person, stream, balance, places, bell, and the queue's two
        hers.get("/?model=flux-2-pro")
    given = {"model": "flux-2-pro", "inputs.image": named}
    with django_assert_num_queries(5):  # session, person, files, balance, places
        hers.get("/composer/", given, headers=HTMX)
