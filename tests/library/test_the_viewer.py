"""One picture over the whole screen: who stands beside it, by key and in the search; what it costs; whose it is."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations.models import Generation, Item
from tests.library.conftest import Put

HTMX = {"HX-Request": "true"}
DAY = datetime(2026, 5, 9, tzinfo=UTC)


@pytest.fixture
def row(alice: User, bob: User, put: Put) -> list[Item]:
    """Seven of Alice's, newest first, two of each moment, houses and owls by turns; one of Bob's among them."""
    made = [
        put(alice, f"{'owl' if number % 2 else 'lighthouse'} {number}", at=DAY - timedelta(hours=number // 2))
        for number in range(7)
    ]
    put(bob, "lighthouse of somebody else", at=DAY - timedelta(minutes=30))
    return sorted(made, key=lambda item: (item.created_at, item.pk), reverse=True)


def neighbours(client: Client, address: str) -> tuple[str, str]:
    page = client.get(address, headers=HTMX).content.decode()
    newer, older = (re.search(rf'data-{name}="([^"]+)"', page) for name in ("newer", "older"))
    return unescape(newer[1]) if newer else "", unescape(older[1]) if older else ""


def walk(client: Client, address: str) -> list[str]:
    """Every address on the way to the oldest, each of which leads back to the one before."""
    way = [address]
    while older := neighbours(client, way[-1])[1]:
        assert neighbours(client, older)[0] == way[-1]
        way.append(older)
    return way


def test_one_goes_through_all_of_them_and_back(hers: Client, row: list[Item]) -> None:
    assert walk(hers, f"/view/{row[0].pk}/") == [f"/view/{item.pk}/" for item in row]


def test_a_search_says_who_is_next(hers: Client, row: list[Item]) -> None:
    houses = [item for item in row if item.prompt.startswith("lighthouse")]
    found = walk(hers, f"/view/{houses[0].pk}/?q=lighthouse+kind%3Aimage")
    assert found == [f"/view/{item.pk}/?q=lighthouse+kind%3Aimage" for item in houses]
    # A word nobody used: by likeness, as the library shows it.
    assert neighbours(hers, f"/view/{houses[0].pk}/?q=lighthose") == ("", "")
    similar = f"/view/{houses[1].pk}/?q=lighthose&similar=1"
    assert neighbours(hers, f"/view/{houses[0].pk}/?q=lighthose&similar=1") == ("", similar)
    # What the search does not find has its place in it all the same.
    owl = next(item for item in row if item.prompt.startswith("owl"))
    assert neighbours(hers, f"/view/{owl.pk}/?q=lighthouse")[1] in {f"/view/{item.pk}/?q=lighthouse" for item in houses}


def test_what_is_in_the_trash_is_passed_by(hers: Client, row: list[Item]) -> None:
    Item.objects.filter(pk=row[1].pk).update(trashed_at=DAY)
    assert neighbours(hers, f"/view/{row[0].pk}/")[1] == f"/view/{row[2].pk}/"


def test_by_itself_it_is_the_result_page(hers: Client, row: list[Item]) -> None:
    page = hers.get(f"/view/{row[1].pk}/").content.decode()
    assert 'id="result"' in page
    assert f'rel="prev" href="/view/{row[0].pk}/"' in page
    assert f'rel="next" href="/view/{row[2].pk}/"' in page
    assert 'rel="next"' not in hers.get(f"/view/{row[-1].pk}/").content.decode()


def test_opening_it_is_seeing_it(hers: Client, row: list[Item]) -> None:
    Generation.objects.update(viewed_at=None)
    hers.get(f"/view/{row[2].pk}/", headers=HTMX)
    assert [one.pk for one in Generation.objects.filter(viewed_at__isnull=False)] == [row[2].pk]


def test_what_has_no_file_has_the_result_page_alone(hers: Client, row: list[Item]) -> None:
    Generation.objects.get(pk=row[0].pk).outputs.all().delete()
    answer = hers.get(f"/view/{row[0].pk}/", headers=HTMX)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/result/{row[0].pk}/")


def test_a_stranger_finds_nothing(row: list[Item], bob: User) -> None:
    client = Client()
    assert client.get(f"/view/{row[0].pk}/").status_code == 302
    client.force_login(bob)
    assert client.get(f"/view/{row[0].pk}/").status_code == 404


def test_it_costs_as_much_in_the_middle_of_many(
    hers: Client, row: list[Item], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, the work and its files, its marks, the two keys, their rows and files."""
    for address in (f"/view/{row[3].pk}/", f"/view/{row[3].pk}/?q=lighthouse"):
        with django_assert_num_queries(8):
            assert hers.get(address, headers=HTMX).status_code == 200
