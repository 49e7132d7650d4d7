"""The list of models says what each is good for and lets filters through, as a page that needs no script."""

import re

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from generations import badges, goals, quotes
from providers import catalogue
from providers.catalogue import Model

pytestmark = pytest.mark.usefixtures("sandbox")
ROW = re.compile(r'data-box( hidden)?>\s*<a class="picker-row" href="/\?model=([^&]+)&amp;goal=\w+"')


def shown(content: str) -> set[str]:
    return {model_id for hidden, model_id in ROW.findall(content) if not hidden}


def row_of(content: str, model_id: str) -> str:
    """What stands in the first row of a model."""
    start = content.index(f'class="picker-row" href="/?model={model_id}&')
    return content[start:].partition("</a>")[0]


def badges_of(content: str, model_id: str) -> list[str]:
    return re.findall(r'<span class="chip">([^<]+)</span>', row_of(content, model_id))


def test_badges_say_what_the_catalogue_knows(hers: Client) -> None:
    content = hers.get("/models/").content.decode()
    assert badges_of(content, "flux-2-pro") == ["up to 8 pictures", "up to 4 MP"]
    assert badges_of(content, "ltx-2.3") == ["Last frame", "4K", "up to 10 s", "Sound"]
    assert badges_of(content, "gpt-image-1.5") == ["up to 10 pictures", "up to 4 at once", "transparent background"]
    assert badges_of(content, "seedvr-upscale") == ["×8"]
    assert "picker-badges" not in row_of(content, "recraft-v3")
    russian = hers.get("/models/", headers={"Accept-Language": "ru"}).content.decode()
    assert badges_of(russian, "kling-v3-pro") == ["Последний кадр", "до 15 с", "Звук"]
    assert badges_of(russian, "flux-2-pro") == ["до 8 картинок", "до 4 Мп"]


@pytest.mark.parametrize("model", catalogue.all_models(), ids=lambda model: model.id)
def test_a_badge_promises_nothing_the_model_does_not_take(model: Model) -> None:
    names = {slot.name for slot in model.slots} | {parameter.name for parameter in model.parameters}
    with translation.override("en"):
        told = " ".join(badges.badges_of(model))
    assert ("Last frame" in told) == ("last_frame" in names)
    assert ("Sound" in told) == ("sound" in names)
    large = [one for parameter in model.parameters if parameter.name == "resolution" for one in parameter.choices]
    assert ("4K" in told) == any(one.lower() == "4k" for one in large)
    most = max((slot.maximum for slot in model.slots if slot.name == "image"), default=0)
    assert (f"up to {most} pictures" in told) == (most > 1)


def test_filters_leave_out_what_is_elsewhere_too_dear_or_too_slow(
    hers: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everything = shown(hers.get("/models/").content.decode())
    asked = {"provider": "fal", "price": "25", "time": "60"}
    with django_assert_num_queries(7):  # session, person, pictures, pins, and three of the page around it
        content = hers.get("/models/", asked).content.decode()
    offers = [model for model in catalogue.available() if goals.is_served(model)]
    known = {model.id: quotes.quote(model, model.clean({})) for model in offers}
    fitting = {
        model.id
        for model in offers
        if any(route.provider == "fal" for route in model.routes)
        and known[model.id].millicredits <= 25_000
        and known[model.id].time.usual_seconds <= 60
    }
    assert shown(content) == fitting
    assert fitting < everything
    for name, value in asked.items():
        select = content[content.index(f'name="{name}"') :].partition("</select>")[0]
        assert re.findall(r'value="(\w*)" selected', select) == [value]


def test_words_leave_out_what_says_none_of_them(
    hers: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hers.get("/models/")
    with django_assert_num_queries(7):
        content = hers.get("/models/", {"q": "  TURBO Kling "}).content.decode()
    assert shown(content) == {model.id for model in catalogue.available() if re.search("Kling.*Turbo", model.name)}
    assert shown(content)
    assert 'name="q" value="TURBO Kling"' in content
    # What it does, who does it, and what its group is called; and filters go on from there.
    assert "flux-2-pro" in shown(hers.get("/models/", {"q": "up to 8 pictures"}).content.decode())
    assert shown(hers.get("/models/", {"q": "google veo", "price": "1"}).content.decode()) == set()
    russian = hers.get("/models/", {"q": "последний"}, headers={"Accept-Language": "ru"}).content.decode()
    assert "kling-v3-pro" in shown(russian)
    nothing = hers.get("/models/", {"q": "<b> no such \0 thing"}).content.decode()
    assert shown(nothing) == set()
    assert "<b>" not in nothing
    assert re.search(r'role="status" data-nothing>No model is like this', nothing)


def test_a_pin_without_scripts_keeps_what_was_searched(hers: Client) -> None:
    content = hers.get("/models/", {"q": "kling turbo"}).content.decode()
    form = content[content.index('id="pins"') :].partition("</form>")[0]
    asked = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert asked["q"] == "kling turbo"
    answer = hers.post("/models/pins/", {**asked, "pin": "flux-dev"})
    assert "q=kling+turbo" in answer.headers["Location"]


def test_a_group_without_a_row_is_not_shown_and_nothing_at_all_is_said(hers: Client) -> None:
    content = hers.get("/models/", {"provider": "google", "price": "1", "time": "10"}).content.decode()
    assert shown(content) == set()
    assert all(" hidden>" in tag for tag in re.findall(r"<section[^>]*data-group[^>]*>", content))
    assert re.search(r'role="status" data-nothing>No model is like this', content)


def test_what_no_filter_can_be_set_to_counts_for_nothing(hers: Client) -> None:
    odd = {"provider": "nobody", "price": "-1", "time": "9" * 30}
    assert shown(hers.get("/models/", odd).content.decode()) == shown(hers.get("/models/").content.decode())


def test_in_the_composer_the_filters_are_no_part_of_the_wish(hers: Client) -> None:
    content = hers.get("/models/", headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'<select[^>]* data-filter="(\w+)"', content) == ["provider", "price", "time"]
    assert re.findall(r"<select[^>]* name=", content) == []
    assert 'name="q"' not in content
