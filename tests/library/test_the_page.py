"""The library's page: how it is cut up, what it costs, who sees what, and that it works without a script."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations.library.months import CHUNK, IN_SIGHT
from tests.library.conftest import Put

ITEM = re.compile(r'data-item="([0-9a-f-]{36})"')
FETCH = re.compile(r'data-chunk="(\d+)" hx-get="([^"]+)"')
AT_ONCE = re.compile(r'<img id="image-([0-9a-f-]{36})"[^>]*decoding="async">')
HTMX = {"HX-Request": "true"}


@pytest.fixture
def year(alice: User, put: Put) -> list[str]:
    """A month of 2 x 60 + 5, one of 3, one of 61, all of Alice's; ids newest first."""
    made = []
    for month, count in ((3, 2 * CHUNK + 5), (2, 3), (1, CHUNK + 1)):
        first = datetime(2026, month, 20, tzinfo=UTC)
        # Two of each moment.
        made += [put(alice, f"number {n}", at=first - timedelta(minutes=n // 2)) for n in range(count)]
    return [str(item.pk) for item in sorted(made, key=lambda item: (item.created_at, item.pk), reverse=True)]


def content(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def everything(client: Client, html: str) -> tuple[list[str], int]:
    """Ids of all tiles of a page, those that are fetched later in their place; and how many were promised."""
    found, promised = ITEM.findall(html), 0
    for count, address in FETCH.findall(html):
        part = content(client, unescape(address))
        if "/months/" in address:
            more, _promised = everything(client, part)
        else:
            more = ITEM.findall(part)
        if not set(more) <= set(found):
            promised += int(count)
            assert len(more) == int(count)
            found += more
    return found, promised


def test_every_item_has_its_place_once_and_every_place_its_items(hers: Client, year: list[str]) -> None:
    page = content(hers, "/library/")
    shown = ITEM.findall(page)
    assert shown == year[:CHUNK]
    found, promised = everything(hers, page)
    assert len(found) == len(set(found)) == len(year) == CHUNK + promised
    assert found == year
    assert re.findall(r'class="shelf" id="month-([\d-]+)"', page) == ["2026-03", "2026-02", "2026-01"]


def test_small_months_come_whole_until_the_screen_is_full(hers: Client, alice: User, put: Put) -> None:
    for month in range(1, 7):
        for number in range(15):
            put(alice, f"number {number}", at=datetime(2026, month, 9, number, tzinfo=UTC))
    page = content(hers, "/library/")
    assert len(ITEM.findall(page)) == CHUNK
    found, promised = everything(hers, page)
    assert (len(found), promised) == (90, 30)


def test_pages_without_a_script_lead_to_the_end(hers: Client, year: list[str]) -> None:
    address, found = "/library/", []
    while address:
        page = content(hers, address)
        found += ITEM.findall(page)
        older = re.search(r'class="more without-script"><a [^>]*href="([^"]+)"', page)
        address = "/library/" + unescape(older[1]) if older else ""
    assert found == year


def test_where_one_looks_comes_with_its_tiles(hers: Client, year: list[str]) -> None:
    address = next(unescape(a) for _n, a in FETCH.findall(content(hers, "/library/")) if "/months/2026-03" in a)
    assert ITEM.findall(content(hers, address)) == []
    assert ITEM.findall(content(hers, f"{address}&at=0")) == year[CHUNK : 2 * CHUNK]
    assert ITEM.findall(content(hers, f"{address}&at=9900")) == year[2 * CHUNK : 2 * CHUNK + 5]


def test_only_what_one_sees_first_is_fetched_at_once(hers: Client, year: list[str]) -> None:
    page = content(hers, "/library/")
    assert AT_ONCE.findall(page) == year[:IN_SIGHT]
    address = next(unescape(a) for _n, a in FETCH.findall(page) if "/months/2026-03" in a)
    # Of the sixty-five that are left.
    middle = CHUNK + 26
    assert AT_ONCE.findall(content(hers, f"{address}&at=4000")) == year[middle - IN_SIGHT : middle + IN_SIGHT]
    assert AT_ONCE.findall(content(hers, f"{address}&at=0")) == year[CHUNK : CHUNK + IN_SIGHT]


def test_a_search_holds_in_months_and_tiles(hers: Client, alice: User, put: Put) -> None:
    for number in range(3 * CHUNK):
        put(alice, f"{'fox' if number % 2 else 'owl'} {number}", at=datetime(2026, 5, 1, tzinfo=UTC))
    found, promised = everything(hers, content(hers, "/library/?q=foxes"))
    assert (len(found), promised) == (90, 30)


def test_queries_are_as_many_for_a_large_library_as_for_a_small_one(
    hers: Client, year: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, counts, tiles, their files, shortcuts, balance, queue, bell."""
    page = content(hers, "/library/")
    for address, queries in (
        ("/library/", 9),
        # Nothing is found, so each of both conditions is left out once.
        ("/library/?q=number is:fav", 10),
        ("/library/?q=number kind:image", 9),
        ("/library/trash/", 6),
    ):
        with django_assert_num_queries(queries):
            content(hers, address)
    fetches = {address.split("/")[2]: unescape(address) for _count, address in FETCH.findall(page)}
    for name, queries in (("months", 3), ("tiles", 4)):
        with django_assert_num_queries(queries):
            content(hers, fetches[name])


def test_nobody_sees_anybody_elses(year: list[str], bob: User) -> None:
    client = Client()
    for address in ("/library/", "/library/trash/", "/library/tiles/2026-03-01/", "/library/months/2026-03-01/"):
        assert client.get(address).status_code == 302
    client.force_login(bob)
    for address in ("/library/", "/library/?q=number", "/library/tiles/2026-03-01/"):
        assert ITEM.findall(content(client, address)) == []


def test_a_damaged_address_is_no_error(hers: Client, year: list[str]) -> None:
    assert hers.get("/library/?cursor=nonsense").status_code == 302
    assert hers.get("/library/trash/?cursor=nonsense").status_code == 302
    for address in ("/library/tiles/2026-03-01/?cursor=x", "/library/months/2026-03-01/?cursor=x&count=5"):
        assert hers.get(address, headers=HTMX).status_code == 400
    assert hers.get("/library/tiles/2026-99-99/").status_code == 404
    assert hers.get("/library/months/2026-03-01/?count=zzz").status_code == 200
    assert hers.get("/library/?q=%00%22-is:fav").status_code == 200
