"""Tags and collections: what was done is said with its name and number."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from generations.actions import arranging
from generations.models import Collection, Item
from tests.library.conftest import Put

ACT = "/library/act/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def foxes(alice: User, put: Put) -> list[Item]:
    return [put(alice, f"a fox {number}") for number in range(3)]


def ids_of(items: list[Item]) -> str:
    return ",".join(str(item.pk) for item in items)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("tag", "2 works have the tag “wild life” now."),
        ("untag", "2 works no longer have the tag “wild life”."),
        ("collect", "2 works are in the collection “Wild Life” now."),
    ],
)
def test_what_was_named_is_said(hers: Client, foxes: list[Item], what: str, sentence: str) -> None:
    name = ' Wild "Life" '
    hers.post(ACT, {"do": "tag", "ids": ids_of(foxes[:2]), "name": name})
    answer = hers.post(ACT, {"do": what, "ids": ids_of(foxes[:2]), "name": name}, headers=HTMX).content.decode()
    assert sentence in answer
    assert answer.count('class="tile"') == 2
    hers.post(ACT, {"do": "tag", "ids": ids_of(foxes[:2]), "name": name})
    form = {"do": what, "all": "1", "q": 'tag:"wild life"', "until": "2099-01-01T00:00:00+00:00", "name": name}
    assert sentence in hers.post(ACT, form, follow=True).content.decode()


def test_nothing_is_made_for_what_is_somebody_elses(hers: Client, bob: User, put: Put) -> None:
    item = put(bob, "his")
    answer = hers.post(ACT, {"do": "collect", "ids": str(item.pk), "name": "mine"}, headers=HTMX)
    assert answer.content.strip() == b""
    assert not Collection.objects.exists()


def test_what_is_taken_out_of_a_collection_stays_in_the_library(hers: Client, foxes: list[Item], put: Put) -> None:
    hers.post(ACT, {"do": "collect", "ids": ids_of(foxes), "name": "Foxes"})
    hers.post(ACT, {"do": "collect", "ids": ids_of(foxes), "name": "Animals"})
    page = hers.get("/library/", {"q": 'in:"Foxes"'}).content.decode()
    assert "Take out of “Foxes”" in page
    assert "Take out of" not in hers.get("/library/").content.decode()
    form = {"do": "uncollect", "ids": ids_of(foxes[:2]), "name": "a tag", "here": "Foxes", "next": "/library/"}
    there = hers.post(ACT, form, headers=HTMX)
    # The page anew: what it lists has changed.
    assert (there.status_code, there.headers["HX-Redirect"]) == (204, "/library/")
    page = hers.get("/library/").content.decode()
    assert "2 works are no longer in the collection “Foxes”." in page
    sizes = dict(Collection.objects.values_list("name", "size"))
    assert sizes == {"Foxes": 1, "Animals": 3}
    assert Item.objects.kept().count() == 3


def test_a_collection_goes_with_its_last_work(hers: Client, alice: User, foxes: list[Item]) -> None:
    hers.post(ACT, {"do": "collect", "ids": ids_of(foxes), "name": "Foxes"})
    hers.post(ACT, {"do": f"trash:{foxes[0].pk}"})
    form = {"do": "uncollect", "all": "1", "q": 'in:"Foxes"', "until": "2099-01-01T00:00:00+00:00", "here": "Foxes"}
    # What is in the trash may come back into it.
    hers.post(ACT, form)
    assert Collection.objects.get().size == 0
    hers.post(ACT, {"do": f"restore:{foxes[0].pk}"})
    assert Collection.objects.get().size == 1
    told = hers.post(ACT, form, follow=True).content.decode()
    assert "1 work is no longer in the collection “Foxes”." in told
    assert not Collection.objects.exists()


@pytest.mark.parametrize("page", ["result", "view"])
def test_a_work_says_its_tags_and_collections_and_leads_to_them(hers: Client, foxes: list[Item], page: str) -> None:
    for what, name in (("tag", "wild life"), ("tag", "red"), ("collect", "Foxes & Co"), ("collect", "Animals")):
        hers.post(ACT, {"do": what, "ids": ids_of(foxes[:2]), "name": name})
    shown = hers.get(f"/{page}/{foxes[0].pk}/", headers=HTMX).content.decode()
    links = re.findall(r'href="(/library/\?q=[^"]+)">([^<]+)</a>', shown)
    assert [unescape(text) for _address, text in links] == ["wild life", "red", "Animals", "Foxes & Co"]
    for address, _text in links:
        assert hers.get(unescape(address)).content.decode().count('class="tile"') == 2
    other = hers.get(f"/{page}/{foxes[2].pk}/", headers=HTMX).content.decode()
    assert "/library/?q=" not in other


def test_a_search_that_is_kept_is_said_and_offered_to_be_forgotten(hers: Client, foxes: list[Item]) -> None:
    form = {"q": "fox stars:0", "next": "/library/?q=fox+stars:0"}
    assert "Keep this search" in hers.get(form["next"]).content.decode()
    page = hers.post("/library/searches/", form, follow=True).content.decode()
    assert "The search is kept." in page
    assert "Keep this search" not in page
    # What is one's own stands before what everybody has.
    assert page.index("Kept searches</h2>") < page.index("Model</h2>")
    page = hers.post("/library/searches/", form | {"do": "forget"}, follow=True).content.decode()
    assert "The search is forgotten." in page
    assert "Keep this search" in page


def test_names_one_has_given_are_offered_again(hers: Client, foxes: list[Item], bob: User, put: Put) -> None:
    for what, name in (("tag", "wild life"), ("tag", "animals"), ("collect", "animals"), ("collect", "Foxes & Co")):
        hers.post(ACT, {"do": what, "ids": ids_of(foxes[:2]), "name": name})
    arranging.tag(bob, [put(bob, "his").pk], "secret")
    for query in ("", "fox"):
        page = hers.get("/library/", {"q": query}).content.decode()
        names = [unescape(name) for name in re.findall(r'<option value="([^"]+)">', page)]
        assert names == ["Foxes & Co", "animals", "wild life"]


@pytest.mark.parametrize("what", ["tag", "collect"])
def test_a_name_that_no_column_can_hold_is_refused(hers: Client, foxes: list[Item], what: str) -> None:
    hers.raise_request_exception = False
    answer = hers.post(ACT, {"do": what, "ids": ids_of(foxes), "name": "a\x00b"})
    assert answer.status_code == 400
    assert b"Nothing was done." in answer.content
    assert not Collection.objects.exists()
    assert [item.tags for item in Item.objects.all()] == [[], [], []]
