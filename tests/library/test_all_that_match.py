"""All that a search finds: done by the query, batch by batch, told with its number, and undone for the trash."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations.actions import errands
from generations.library.finding import find
from generations.library.search import Search
from generations.models import Export, Item
from tests.library.conftest import Put

ACT = "/library/act/"
HTMX = {"HX-Request": "true"}
DO = re.compile(r'name="do" value="((?:undo|go):[^"]+)"')


@pytest.fixture
def foxes(alice: User, bob: User, put: Put) -> list[Item]:
    """Seven foxes and two owls of Alice's, and a fox of Bob's."""
    put(bob, "a fox of his")
    made = [put(alice, f"a fox {number}", at=timezone.now() - timedelta(minutes=number // 2)) for number in range(7)]
    for number in range(2):
        put(alice, f"an owl {number}")
    return made


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two works a batch, one batch a request."""
    monkeypatch.setattr(errands, "BATCH", 2)
    monkeypatch.setattr(errands, "STRETCH_SECONDS", 0.0)
    yield


def form(client: Client, query: str, what: str, **more: str) -> dict[str, str]:
    """As the library's page sends it."""
    page = client.get("/library/", {"q": query}).content.decode()
    until = re.search(r'name="until" value="([^"]+)"', page)
    assert until
    return {"do": what, "all": "1", "q": query, "until": until[1], **more}


def do_of(page: str) -> str:
    found = DO.search(page)
    assert found, page
    return unescape(found[1])


def trashed(user: User) -> int:
    return Item.objects.for_user(user).trashed().count()


def test_all_of_them_are_put_away_and_had_back(hers: Client, alice: User, bob: User, foxes: list[Item]) -> None:
    answer = hers.post(ACT, form(hers, "fox", "trash"), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/library/")
    assert (trashed(alice), trashed(bob)) == (7, 0)
    page = hers.get("/library/").content.decode()
    assert "7 works are in the trash now" in page
    hers.post(ACT, {"do": "trash", "ids": str(find(alice, Search("owl")).rows[0].pk)})
    tiles = hers.post(ACT, {"do": do_of(page)}, headers=HTMX).content.decode()
    assert "7 works are back." in tiles
    assert tiles.count('class="tile"') == 7
    # What was put away at another time stays there.
    assert trashed(alice) == 1
    assert hers.post(ACT, {"do": do_of(page)}).status_code == 400


def test_without_a_script_the_message_takes_it_back(hers: Client, alice: User, foxes: list[Item]) -> None:
    told = hers.post(ACT, form(hers, "fox", "trash", next="/library/?q=owl"), follow=True)
    assert told.redirect_chain == [("/library/?q=owl", 302)]
    there = hers.post(ACT, {"do": do_of(told.content.decode()), "next": "/library/?q=owl"}, follow=True)
    assert "7 works are back." in there.content.decode()
    assert trashed(alice) == 0


@pytest.mark.usefixtures("small_batches")
def test_what_takes_long_is_told_and_gone_on_with(hers: Client, alice: User, foxes: list[Item], bob: User) -> None:
    answer = hers.post(ACT, form(hers, "fox", "trash"), headers=HTMX)
    assert answer.headers["X-Live-Fragment"] == "1"
    assert trashed(alice) == 2
    stranger = Client()
    stranger.force_login(bob)
    for done in (2, 4, 6):
        page = answer.content.decode()
        assert f"{done} of 7 works are done" in page
        note = do_of(page)
        # Neither a stranger nor a change of the note gets anywhere.
        for client, text in ((stranger, note), (hers, note[:-2])):
            assert client.post(ACT, {"do": text}).status_code == 400
        assert (trashed(alice), trashed(bob)) == (done, 0)
        answer = hers.post(ACT, {"do": note}, headers=HTMX)
    assert answer.status_code == 204
    assert trashed(alice) == 7
    undo = do_of(hers.get("/library/").content.decode())
    # One moment for all batches, so they come back together, in batches too.
    plain = hers.post(ACT, {"do": undo}, follow=True)
    for _stretch in range(3):
        plain = hers.post(ACT, {"do": do_of(plain.content.decode())}, follow=True)
    assert trashed(alice) == 0


@pytest.mark.usefixtures("small_batches")
def test_what_leaves_the_search_under_way_loses_nobodys_place(hers: Client, alice: User, foxes: list[Item]) -> None:
    hers.post(ACT, {"do": "favourite", "ids": ",".join(str(item.pk) for item in foxes)})
    answer = hers.post(ACT, form(hers, "is:fav", "unfavourite"), follow=True)
    while DO.search(answer.content.decode()):
        answer = hers.post(ACT, {"do": do_of(answer.content.decode())}, follow=True)
    assert "7 works were changed." in answer.content.decode()
    assert find(alice, Search("is:fav")).counts.total == 0


def test_what_came_since_the_page_is_left_alone(hers: Client, alice: User, put: Put, foxes: list[Item]) -> None:
    body = form(hers, "fox", "stars-5")
    newer = put(alice, "a fox that came later")
    hers.post(ACT, body)
    assert find(alice, Search("fox stars:5")).counts.total == 7
    newer.refresh_from_db()
    assert newer.stars == 0


def test_a_tile_s_own_button_means_the_tile(hers: Client, alice: User, foxes: list[Item]) -> None:
    hers.post(ACT, form(hers, "fox", f"trash:{foxes[0].pk}"))
    assert trashed(alice) == 1


@pytest.mark.parametrize(
    "change", [{"until": "nonsense"}, {"until": "2026-01-01"}, {"q": "zebra"}, {"do": "nonsense"}, {"do": "undo:x"}]
)
def test_what_cannot_be_meant_changes_nothing(
    hers: Client, alice: User, foxes: list[Item], change: dict[str, str]
) -> None:
    before = list(Item.objects.order_by("pk").values())
    assert hers.post(ACT, form(hers, "fox", "trash") | change).status_code == 400
    assert list(Item.objects.order_by("pk").values()) == before


def test_packing_and_comparing_have_their_own_bounds(
    hers: Client, alice: User, foxes: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    hers.post(ACT, form(hers, "fox", "pack"))
    assert len(Export.objects.get().generation_ids) == 7
    assert "Two, three or four" in hers.post(ACT, form(hers, "fox", "compare")).content.decode()
    assert hers.post(ACT, form(hers, "owl", "compare")).status_code == 302
    ids = ",".join(str(item.pk) for item in foxes) + ",00000000-0000-4000-8000-000000000000" * 1000
    answer = hers.post(ACT, {"do": "trash", "ids": ids})
    assert (answer.status_code, trashed(alice)) == (400, 0)
    assert "No more than 1,000 works" in answer.content.decode()


def test_an_old_note_does_nothing(
    hers: Client, alice: User, foxes: list[Item], small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = do_of(hers.post(ACT, form(hers, "fox", "trash"), headers=HTMX).content.decode())
    monkeypatch.setattr(errands, "GOOD_FOR_SECONDS", -1)
    hers.post(ACT, {"do": note}, headers=HTMX)
    assert trashed(alice) == 2


@pytest.mark.parametrize("there", ["/a\nb", "/картинки/"])
def test_where_to_go_on_is_an_address_that_a_header_may_hold(hers: Client, foxes: list[Item], there: str) -> None:
    answer = hers.post(ACT, form(hers, "fox", "trash", next=there), headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].isascii()
