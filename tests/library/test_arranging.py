"""Favourites, tags, collections and the trash: only what is one's own, told in the tile, nothing gone at once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations import tasks
from generations.actions import arranging
from generations.library.finding import find
from generations.library.search import Search
from generations.models import Collection, Generation, Input, Item, Output, SavedSearch
from media_pipeline.models import Asset
from tests.library.conftest import Put

ACT = "/library/act/"
HTMX = {"HX-Request": "true"}


def test_one_button_marks_one_tile_and_answers_with_it(hers: Client, alice: User, put: Put) -> None:
    item = put(alice, "a fox")
    answer = hers.post(ACT, {"do": f"favourite:{item.pk}"}, headers=HTMX)
    assert answer.headers["X-Live-Fragment"] == "1"
    assert f'value="unfavourite:{item.pk}" aria-pressed="true"' in answer.content.decode()
    item.refresh_from_db()
    assert item.is_favourite
    hers.post(ACT, {"do": f"unfavourite:{item.pk}"})
    item.refresh_from_db()
    assert not item.is_favourite


def test_many_are_tagged_collected_put_away_and_had_back(hers: Client, alice: User, put: Put) -> None:
    items = [put(alice, f"fox {number}") for number in range(3)]
    ids = ",".join(str(item.pk) for item in items[:2])
    for _twice in range(2):
        hers.post(ACT, {"do": "tag", "ids": ids, "name": ' Wild "Life" '})
        hers.post(ACT, {"do": "collect", "ids": ids, "name": "Animals"})
    assert find(alice, Search('tag:"wild life"')).counts.total == 2
    assert find(alice, Search("in:Animals")).counts.total == 2
    assert Collection.objects.get().items.count() == 2

    answer = hers.post(ACT, {"do": "trash", "ids": ids}, headers=HTMX)
    assert answer.content.decode().count("tile-gone") == 2
    assert find(alice, Search("")).counts.total == 1
    assert hers.get("/library/trash/").content.decode().count('name="ids"') == 2
    plain = hers.post(ACT, {"do": "restore", "ids": [str(item.pk) for item in items], "next": "/library/trash/"})
    assert (plain.status_code, plain.headers["Location"]) == (302, "/library/trash/")
    assert find(alice, Search('in:Animals tag:"wild life"')).counts.total == 2


def test_a_collection_says_how_many_it_holds_outside_the_trash(hers: Client, alice: User, bob: User, put: Put) -> None:
    items = [put(alice, f"fox {number}") for number in range(4)]
    first, second, third, _other = (item.pk for item in items)
    thrown = put(alice, "thrown away", trashed_at=timezone.now())
    for name, ids in (("Animals", [first, second, thrown.pk]), ("Animals", [second, third]), ("Foxes", [first])):
        arranging.collect(alice, ids, name)
    arranging.collect(bob, [put(bob, "his").pk], "Animals")
    acts: tuple[tuple[Callable[[], object], int, int], ...] = (
        (lambda: None, 3, 1),
        (lambda: arranging.trash(alice, [first, second]), 1, 0),
        (lambda: arranging.trash(alice, [first, second]), 1, 0),
        (lambda: arranging.restore(alice, [first]), 2, 1),
        (lambda: arranging.rate(alice, [first, third], 5), 2, 1),
        (Collection.objects.get(name="Foxes").items.clear, 2, 0),
        (lambda: Item.objects.get(pk=third).delete(), 1, 0),
        (lambda: arranging.restore(alice, [second, thrown.pk]), 2, 0),
    )
    for act, animals, foxes in acts:
        act()
        sizes = dict(Collection.objects.for_user(alice).values_list("name", "size"))
        assert sizes == {"Animals": animals, "Foxes": foxes}
        assert find(alice, Search("in:Animals")).counts.total == animals
    assert Collection.objects.for_user(bob).get().size == 1
    page = hers.get('/library/?q=in:"Foxes"').content.decode()
    shown = re.findall(r'href="([^"]+)"( aria-current="true")?><span class="one-line">(Animals|Foxes)</span>'
                       r'<span class="facet-count">(\d+)</span>', page)  # fmt: skip
    assert shown == [
        ("/library/?q=in%3A%22Animals%22", "", "Animals", "2"), ("/library/", ' aria-current="true"', "Foxes", "0"),
    ]  # fmt: skip


def test_what_is_in_the_trash_is_in_no_stream(hers: Client, alice: User, put: Put) -> None:
    item = put(alice, "a fox in the stream")
    for page in ("/", "/history/"):
        assert f"generation-{item.pk}" in hers.get(page).content.decode()
    arranging.trash(alice, [item.pk])
    for page in ("/", "/history/"):
        assert f"generation-{item.pk}" not in hers.get(page).content.decode()


@pytest.mark.parametrize("what", ["favourite", "stars-4", "tag", "collect", "uncollect", "trash", "restore"])
def test_nobody_arranges_what_is_somebody_elses(alice: User, bob: User, put: Put, what: str) -> None:
    item = put(alice, "hers", trashed_at=timezone.now() if what == "restore" else None)
    before = Item.objects.filter(pk=item.pk).values().get()
    client = Client()
    client.force_login(bob)
    answer = client.post(ACT, {"do": what, "ids": str(item.pk), "name": "mine", "here": "mine"}, headers=HTMX)
    assert (answer.status_code, answer.content.strip()) == (200, b"")
    assert Item.objects.filter(pk=item.pk).values().get() == before
    assert not any(collection.items.exists() for collection in Collection.objects.all())


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"do": "trash"}, "Nothing was chosen"),
        ({"do": "nonsense", "ids": "0190a5d0-ac96-774b-bcce-b302099a8057"}, "Nothing was chosen"),
        ({"do": "trash", "ids": "no-id"}, "Nothing was chosen"),
        ({"do": "tag", "ids": "0190a5d0-ac96-774b-bcce-b302099a8057", "name": ' " '}, "It needs a name"),
        ({"do": "collect", "ids": "0190a5d0-ac96-774b-bcce-b302099a8057"}, "It needs a name"),
    ],
)
def test_what_cannot_be_done_is_said(hers: Client, form: dict[str, str], sentence: str) -> None:
    for headers in ({}, HTMX):
        answer = hers.post(ACT, form, headers=headers)
        assert answer.status_code == 400
        assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "there"),
    [
        ({"do": "restore", "next": "/library/trash/"}, "/library/trash/"),
        (
            {"do": "compare", "ids": "0190a5d0-ac96-774b-bcce-b302099a8057", "next": "/library/?q=a b"},
            "/library/?q=a%20b",
        ),
        ({"do": "trash", "next": "//evil.example.org/"}, "/library/"),
    ],
)
def test_a_refusal_leads_back_to_where_one_chose(hers: Client, form: dict[str, str], there: str) -> None:
    answer = hers.post(ACT, form)
    assert answer.status_code == 400
    assert f'<a class="link" href="{there}">Back</a>' in answer.content.decode()
    assert '<a class="link" href="/library/">Back</a>' in hers.get("/compare/").content.decode()


def test_what_is_had_back_is_said(hers: Client, alice: User, put: Put) -> None:
    items = [put(alice, f"fox {number}", trashed_at=timezone.now()) for number in range(3)]
    form = {"do": "restore", "ids": [str(item.pk) for item in items[:2]], "next": "/library/trash/"}
    assert "2 works are back." in hers.post(ACT, form, follow=True).content.decode()
    # In its place, too: there the note that it is in the trash would be true no more.
    assert "1 work is back." in hers.post(ACT, {"do": f"restore:{items[2].pk}"}, headers=HTMX).content.decode()


def test_a_form_leads_back_into_the_studio_alone(hers: Client, alice: User, put: Put) -> None:
    item = put(alice, "a fox")
    form = {"do": f"favourite:{item.pk}", "next": "//evil.example.org/"}
    assert hers.post(ACT, form).headers["Location"] == f"/library/#item-{item.pk}"


def test_a_search_is_kept_once_and_forgotten(hers: Client, alice: User) -> None:
    for _twice in range(2):
        hers.post("/library/searches/", {"q": " fox   is:fav "})
    assert [row.query for row in SavedSearch.objects.all()] == ["fox is:fav"]
    assert "fox is:fav" in hers.get("/library/").content.decode()
    hers.post("/library/searches/", {"q": "fox is:fav", "do": "forget"})
    assert not SavedSearch.objects.exists()
    for number in range(arranging.MOST_SEARCHES + 2):
        arranging.save_search(alice, f"number {number}")
    assert SavedSearch.objects.for_user(alice).count() == arranging.MOST_SEARCHES


def test_the_trash_is_emptied_after_its_days_and_not_before(alice: User, put: Put, settings: Any, hers: Client) -> None:
    settings.TRASH_DAYS = 3
    old = put(alice, "old", trashed_at=timezone.now() - timedelta(days=3, minutes=1))
    used = put(alice, "used elsewhere", trashed_at=timezone.now() - timedelta(days=4))
    young = put(alice, "young", trashed_at=timezone.now() - timedelta(days=2))
    kept = put(alice, "kept")
    asset = Asset.objects.get(output__generation=used.pk)
    Input.objects.create(generation_id=kept.pk, slot="image", index=0, asset=asset)
    assert tasks.clean_up_now()["trash"] == 2
    assert tasks.clean_up_now()["trash"] == 0
    assert set(Output.objects.values_list("generation", flat=True)) == {young.pk, kept.pk}
    # The work that was made from it still has it.
    assert Asset.objects.filter(user=alice).count() == 3
    # The wish and what it cost are history; it comes back into no stream.
    assert Generation.objects.filter(pk=old.pk).exists()
    assert f"generation-{old.pk}" not in hers.get("/history/").content.decode()
    arranging.restore(alice, [old.pk])
    assert find(alice, Search("")).counts.total == 1
