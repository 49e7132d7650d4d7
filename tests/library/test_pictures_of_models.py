"""In the list of models a row shows the newest of one's own pictures made with it, and nobody else's."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations.library import newest
from generations.links import relative
from generations.models import Item, Output
from tests.library.conftest import Put

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}


def picture_of(item: Item) -> str:
    asset = Output.objects.select_related("asset").get(generation_id=item.pk).asset
    assert asset is not None
    return relative(asset, "320").replace("&", "&amp;")


def pictures_in(content: str, model_id: str) -> set[str]:
    rows = re.findall(rf'href="/\?model={re.escape(model_id)}&amp;.*?</a>', content, re.DOTALL)
    assert rows
    return {source for row in rows for source in re.findall(r'<img src="([^"]+)" width="48" height="48"', row)}


def test_a_row_shows_the_newest_of_ones_own_outside_the_trash(
    hers: Client, alice: User, carol: User, put: Put, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(alice, "older")
    kept = put(alice, "newest")
    put(alice, "thrown away", trashed_at=timezone.now())
    film = put(alice, "a film", kind="video", model="veo-3.1")
    foreign = put(carol, "a stranger's", model="flux-dev")
    content = hers.get("/models/", headers=HTMX).content.decode()
    assert pictures_in(content, "flux-schnell") == {picture_of(kept)}
    assert pictures_in(content, "flux-dev") == set()
    assert picture_of(foreign) not in content
    shelved = Item.objects.get(pk=film.pk)
    assert set(newest.by_model(alice)) == {"flux-schnell", shelved.model}
    for _ in range(30):
        put(alice, "many more")
    with django_assert_num_queries(4):  # session, person, pictures, pins
        hers.get("/models/", headers=HTMX)


def test_without_a_picture_the_row_keeps_its_place_for_one(hers: Client) -> None:
    content = hers.get("/models/", headers=HTMX).content.decode()
    assert pictures_in(content, "flux-schnell") == set()
    assert content.count('class="picker-thumb"') == content.count('class="picker-row"')
