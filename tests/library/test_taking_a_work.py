"""A finished work is taken into the composer from a list: one's own, newest first, by key, found by a search."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations.models import Generation, Item, Output
from generations.views.remembered import PAGE_SIZE
from tests.library.conftest import Put

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


def file_of(item: Item) -> str:
    return str(Output.objects.get(generation_id=item.pk).asset_id)


def listed(client: Client, **asked: str) -> list[str]:
    content = client.get("/works/", asked, **HTMX).content.decode()
    return re.findall(r'data-recent-file="([^"]+)"', content)


def test_ones_own_works_of_a_kind_are_listed_newest_first(hers: Client, alice: User, carol: User, put: Put) -> None:
    older, newer, film = put(alice, "older"), put(alice, "newer"), put(alice, "a film", kind="video")
    put(alice, "thrown away", trashed_at=timezone.now())
    put(carol, "a stranger's")
    assert listed(hers, kind="image") == [file_of(newer), file_of(older)]
    assert listed(hers, kind="video") == [file_of(film)]
    assert listed(hers, kind="anything") == listed(hers)


def test_works_are_paged_by_key_with_a_fixed_number_of_queries(
    hers: Client, alice: User, put: Put, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for number in range(PAGE_SIZE + 5):
        put(alice, f"a kite {number}", at=now - timedelta(minutes=number))
    hers.get("/models/")
    for asked in ("", "&q=kite"):
        address, seen = f"/works/?kind=image{asked}", []
        while address:
            with django_assert_num_queries(4):  # session, person, rows, their files
                content = hers.get(address, **HTMX).content.decode()
            seen.append(re.findall(r'data-recent-file="([^"]+)"', content))
            further = re.search(r'hx-get="(/works/\?[^"]*cursor=[^"]+)"', content)
            address = further[1].replace("&amp;", "&") if further else ""
        assert [len(page) for page in seen] == [PAGE_SIZE, 5]
        assert len({*seen[0], *seen[1]}) == PAGE_SIZE + 5
    assert hers.get("/works/?kind=image&cursor=damaged").status_code == 302


def test_the_search_is_that_of_the_library(hers: Client, alice: User, put: Put) -> None:
    kites, tagged = put(alice, "two red kites"), put(alice, "a boat", tags=["sea"])
    assert listed(hers, q="kite") == [file_of(kites)]
    assert listed(hers, q="tag:sea") == [file_of(tagged)]
    # While it is being typed.
    assert listed(hers, q="kit") == [file_of(kites)]
    assert listed(hers, q="in:nowhere \0 %_\\") == []
    assert "No work of yours is like this" in hers.get("/works/", {"q": "lamp"}, **HTMX).content.decode()


def test_without_scripts_a_work_is_searched_and_taken_by_its_address(hers: Client, alice: User, put: Put) -> None:
    work = put(alice, "a kite")
    begun = hers.get("/?model=veo-3.1&goal=video").content.decode()
    found = re.search(r'href="(/works/\?[^"]*slot=first_frame[^"]*)"', begun)
    assert found is not None
    page = hers.get(found[1].replace("&amp;", "&")).content.decode()
    said = dict(re.findall(r'<input type="hidden" name="(kind|slot|model|goal)" value="([^"]*)"', page))
    assert said == {"kind": "image", "slot": "first_frame", "model": "veo-3.1", "goal": "video"}
    address = re.search(r'href="(/\?[^"]*inputs\.first_frame=[^"]+)"', page)
    assert address is not None
    content = hers.get(address[1].replace("&amp;", "&")).content.decode()
    assert f'name="inputs.first_frame" value="{file_of(work)}"' in content
    assert 'name="goal" value="video"' in content


def test_a_strangers_work_is_neither_shown_nor_sent(hers: Client, carol: User, put: Put) -> None:
    foreign = file_of(put(carol, "a stranger's"))
    content = hers.get("/", {"model": "flux-kontext-pro", "goal": "edit", "inputs.image": foreign}).content.decode()
    assert f'value="{foreign}"' not in content
    wish = {"model": "flux-kontext-pro", "goal": "edit", "prompt": "a hat", "inputs.image": foreign}
    answer = hers.post("/", wish, **HTMX)
    assert answer.status_code == 400
    assert "there is no such file of yours" in answer.content.decode()
    assert Generation.objects.exclude(user=carol).count() == 0
