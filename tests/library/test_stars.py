"""Stars: given by form, searched by comparison, counted like any facet; and by nobody but the owner."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from generations.actions import arranging
from generations.library import facets
from generations.library.finding import find
from generations.library.search import Search
from generations.models import Item
from tests.library.conftest import Put

ACT = "/library/act/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rated(alice: User, bob: User, put: Put) -> list[Item]:
    """Of Alice's, one with each number of stars from 0 to 5; and one with five of Bob's."""
    put(bob, "a fox with five", stars=5)
    return [
        put(alice, f"a fox with {stars}", stars=stars, at=datetime(2026, 5, 1, stars, tzinfo=UTC)) for stars in range(6)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stars:3", {3}),
        ("stars:=3", {3}),
        ("stars:>=3", {3, 4, 5}),
        ("stars:>3", {4, 5}),
        ("stars:<=1 fox", {0, 1}),
        ("stars:<1", {0}),
        ("-stars:>=2", {0, 1}),
        ("STARS:>=4 kind:image", {4, 5}),
        ("stars:>=2 stars:<4", {2, 3}),
        ("stars:6", set()),
        ("stars:many", set()),
        ("stars:", set()),
    ],
)
def test_a_search_compares_them(alice: User, rated: list[Item], text: str, found: set[int]) -> None:
    answer = find(alice, Search(text))
    if not answer.is_similar:
        assert {row.stars for row in answer.rows} == found
        assert answer.counts.total == len(found)
    else:
        assert not found


def test_buttons_and_the_bar_give_and_take_them(hers: Client, alice: User, put: Put) -> None:
    items = [put(alice, f"fox {number}") for number in range(3)]
    answer = hers.post(ACT, {"do": f"stars-4:{items[0].pk}"}, headers=HTMX).content.decode()
    assert f'id="item-{items[0].pk}"' in answer
    assert 'aria-label="4 stars"' in answer
    # What stands in the viewer and on the page of the result comes with it.
    for place in ("marks", "about"):
        assert (
            f'id="{place}-star-4-{items[0].pk}" name="do" value="stars-0:{items[0].pk}" aria-pressed="true"' in answer
        )
    assert answer.count(" data-lit") == 2 * 4
    hers.post(ACT, {"do": "stars-2", "ids": ",".join(str(item.pk) for item in items)})
    assert {item.stars for item in Item.objects.for_user(alice)} == {2}
    hers.post(ACT, {"do": f"stars-0:{items[1].pk}"})
    assert sorted(item.stars for item in Item.objects.for_user(alice)) == [0, 2, 2]
    assert hers.post(ACT, {"do": f"stars-6:{items[1].pk}"}).status_code == 400


def test_there_are_never_more_than_five(alice: User, put: Put) -> None:
    with pytest.raises(IntegrityError):
        put(alice, "a fox", stars=6)


def test_they_are_counted_so_many_or_more_and_one_choice_takes_the_others_place(alice: User, rated: list[Item]) -> None:
    arranging.rate(alice, [rated[1].pk], 0)
    kept, counted = (find(alice, Search(text)) for text in ("", "after:2000"))
    assert kept.counts == counted.counts
    for search, found in (
        (Search(""), kept),
        (Search("fox stars:>=2 kind:image"), find(alice, Search("fox stars:>=2"))),
    ):
        group = next(one for one in facets.groups(search, found.counts) if one.name == "stars")
        assert [(choice.label, choice.count) for choice in group.choices] == [
            ("5 stars", 1), ("4 stars or more", 2), ("3 stars or more", 3), ("2 stars or more", 4),
        ]  # fmt: skip
    assert group.choices[1].query == "fox kind:image stars:>=4"
    assert group.choices[3].is_chosen
    assert group.choices[3].query == "fox kind:image"


def test_the_page_of_a_result_marks_it_and_puts_it_away_and_back(
    hers: Client, alice: User, put: Put, bob: User
) -> None:
    item = put(alice, "a fox")
    address = f"/result/{item.pk}/"
    page = hers.get(address).content.decode()
    assert f'value="stars-3:{item.pk}"' in page
    hers.post(ACT, {"do": f"stars-3:{item.pk}", "next": address})
    assert f'value="stars-0:{item.pk}" aria-pressed="true"' in hers.get(address).content.decode()
    told = hers.post(ACT, {"do": f"trash:{item.pk}", "next": address}, follow=True).content.decode()
    assert "1 work is in the trash now" in told
    assert f'value="restore:{item.pk}"' in told
    hers.post(ACT, {"do": f"restore:{item.pk}", "next": address})
    assert find(alice, Search("stars:3")).counts.total == 1
    # A stranger gets no page, and changes nothing.
    client = Client()
    client.force_login(bob)
    assert client.get(address).status_code == 404
    client.post(ACT, {"do": f"stars-1:{item.pk}"})
    assert find(alice, Search("stars:3")).counts.total == 1
