"""What may be typed into the search, and what it finds."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from generations.actions import arranging
from generations.library.finding import find
from generations.library.search import Search
from generations.models import Generation
from tests.library.conftest import Put


@pytest.fixture
def shelf(alice: User, bob: User, put: Put) -> dict[str, str]:
    """Names of five works of Alice's by their ids, and one of Bob's that no search of hers may find."""
    made = {
        "fox": put(alice, "A red fox in the snow", at=datetime(2026, 1, 10, tzinfo=UTC), is_favourite=True),
        "foxes": put(alice, "Two foxes playing, blue hour", at=datetime(2026, 2, 10, tzinfo=UTC), tags=["zoo"]),
        "лиса": put(alice, "Рыжая лиса в зимнем лесу", at=datetime(2026, 3, 10, tzinfo=UTC), model="flux-dev"),
        "film": put(alice, "Snow falls on a lighthouse", kind="video", at=datetime(2026, 4, 10, tzinfo=UTC)),
        "away": put(alice, "A fox that was put away", trashed_at=datetime(2026, 4, 11, tzinfo=UTC)),
    }
    put(bob, "A red fox of somebody else")
    arranging.collect(alice, [made["fox"].pk, made["film"].pk], "Winter tales")
    Generation.objects.filter(pk=made["fox"].pk).update(seed=42)
    return {str(item.pk): name for name, item in made.items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"fox", "foxes", "лиса", "film"}),
        ("fox", {"fox", "foxes"}),
        ("FOX -blue", {"fox"}),
        ('"red fox"', {"fox"}),
        ('"fox red"', set()),
        ("лисы", {"лиса"}),
        ("is:fav", {"fox"}),
        ("-is:fav fox", {"foxes"}),
        ("kind:video", {"film"}),
        ("model:flux-dev", {"лиса"}),
        ("provider:replicate -kind:video tag:zoo", {"foxes"}),
        ("before:2026-03", {"fox", "foxes"}),
        ("after:2026-02-10 before:2026-04", {"foxes", "лиса"}),
        ('in:"Winter tales"', {"fox", "film"}),
        ('in:"Winter tales" snow kind:image', {"fox"}),
        ("seed:42", {"fox"}),
        ("-seed:42 fox", {"foxes"}),
        ("seed:many", set()),
        ("seed:99999999999999999999", set()),
        ("is:FAV", {"fox"}),
        ("is:favorite", {"fox"}),
        ("is:nonsense", set()),
        ("before:yesterday", set()),
        ('"unfinished', set()),
        ("model:", set()),
        ("a & b | ! ( :* \\ '", set()),
    ],
)
def test_a_search_finds(alice: User, shelf: dict[str, str], text: str, found: set[str]) -> None:
    answer = find(alice, Search(text))
    assert not answer.is_similar or not found
    names = set() if answer.is_similar else {shelf[str(row.pk)] for row in answer.rows}
    assert names == found
    if not answer.is_similar:
        assert answer.counts.total == len(found)
        assert sum(count for _month, count in answer.counts.months) == len(found)


def test_words_nobody_used_are_tried_by_likeness(alice: User, shelf: dict[str, str]) -> None:
    for typed in ("lighthose", "lightho"):
        answer = find(alice, Search(typed))
        assert answer.is_similar
        assert [shelf[str(row.pk)] for row in answer.rows] == ["film"]


def test_counts_are_the_same_whether_kept_or_counted(alice: User, shelf: dict[str, str]) -> None:
    """`after:2000` is true of everything, so both ways must agree; and they do after every kind of change."""
    ids = [row.pk for row in find(alice, Search("fox")).rows.order_by("created_at")]
    changes = (
        lambda: None,
        lambda: arranging.tag(alice, ids, "Wild  Life"),
        lambda: arranging.favour(alice, ids, is_favourite=True),
        lambda: arranging.trash(alice, ids[:1]),
        lambda: arranging.untag(alice, ids, "zoo"),
        lambda: arranging.restore(alice, ids[:1]),
    )
    for change in changes:
        change()
        kept, counted = find(alice, Search("")).counts, find(alice, Search("after:2000")).counts
        assert kept == counted
    assert dict(kept.facets["tag"]) == {"wild life": 2}
    assert dict(kept.facets["is"]) == {"fav": 2}


def test_a_search_is_its_text_and_each_condition_can_be_taken_away() -> None:
    search = Search('  fox  model:flux-dev   "red fox" ')
    assert search.text == 'fox model:flux-dev "red fox"'
    assert dict(search.chips()) == {
        "fox": 'model:flux-dev "red fox"',
        "model:flux-dev": 'fox "red fox"',
        '"red fox"': "fox model:flux-dev",
    }
    assert search.with_term("is:fav") == 'fox model:flux-dev "red fox" is:fav'
    assert search.with_term("MODEL:flux-dev") == search.text
    assert len(Search("x" * 1000).text) == 300


def test_when_nothing_is_found_the_page_says_what_is_in_the_way(hers: Client, alice: User, bob: User, put: Put) -> None:
    for number in range(3):
        put(alice, f"a fox {number}", stars=number)
    put(alice, "an owl", stars=5)
    put(bob, "a fox of his", stars=5)
    page = unescape(hers.get("/library/", {"q": "fox stars:5"}).content.decode())
    assert re.findall(r'href="([^"]+)">Without (.+?)</a>', page) == [
        ("/library/?q=fox", "stars:5: 3 works"),
        ("/library/?q=stars%3A5", "fox: 1 work"),
    ]
    # Nothing is shown, so nothing is said of what is shown.
    assert "Nothing was found" in page
    assert "words like them" not in page
    # Of one condition alone there is no other way than everything.
    assert ">Without " not in hers.get("/library/", {"q": "zebra"}).content.decode()
