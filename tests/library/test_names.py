"""Tags and collections: what was done is said with its name and number."""

import pytest
from django.test import Client

from accounts.models import User
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
