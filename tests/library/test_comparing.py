"""Works side by side: which, whose, in what they differ, and what it costs to say so."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations.models import Generation, Item
from tests.library.conftest import Put


@pytest.fixture
def works(alice: User, put: Put) -> list[Item]:
    made = [put(alice, "a fox in the snow") for _each in range(5)]
    for number, item in enumerate(made):
        Generation.objects.filter(pk=item.pk).update(seed=number, params={"seed": number, "aspect_ratio": "1:1"})
    Generation.objects.filter(pk=made[1].pk).update(params={"aspect_ratio": "16:9"})
    return made


def address(*works: Item) -> str:
    return f"/compare/?ids={','.join(str(work.pk) for work in works)}"


def test_what_differs_is_marked_and_the_rest_is_not(hers: Client, works: list[Item]) -> None:
    page = hers.get(address(works[0], works[1])).content.decode()
    rows = re.findall(r'<tr( data-differs)?>\s*<th scope="row">([^<]+?)\s*<', page)
    marked = {label.strip() for mark, label in rows if mark}
    assert {"Seed", "Aspect ratio"} <= marked
    assert marked.isdisjoint({"Prompt", "Model", "Provider", "Size", "Cost"})
    assert len(marked) < len(rows)
    # The same setting of both, as the composer calls its values.
    assert re.search(r"Aspect ratio.*?</th>\s*<td>[^<]*1:1[^<]*</td><td>[^<]*16:9", page, re.DOTALL)


def test_two_to_four_in_the_order_named_each_once(hers: Client, works: list[Item]) -> None:
    assert hers.get(address(works[0])).status_code == 400
    assert hers.get(address(works[0], works[0])).status_code == 400
    assert hers.get(address(*works)).status_code == 400
    assert hers.get("/compare/").status_code == 400
    page = hers.get(address(works[3], works[0], works[2])).content.decode()
    order = re.findall(r'class="link one-line" href="/result/([^/]+)/"', page)
    assert order == [str(works[number].pk) for number in (3, 0, 2)]
    # A slider is for two.
    assert "data-cut" not in page
    assert "data-cut" in hers.get(address(works[0], works[1])).content.decode()


def test_one_of_a_strangers_makes_it_absent(hers: Client, works: list[Item], bob: User, put: Put) -> None:
    his = put(bob, "his own")
    assert hers.get(address(works[0], his)).status_code == 404
    assert hers.get(f"{address(works[0])},nonsense").status_code == 404
    client = Client()
    assert client.get(address(works[0], works[1])).status_code == 302
    client.force_login(bob)
    assert client.get(address(works[0], works[1])).status_code == 404


def test_what_was_chosen_in_the_library_is_led_there(hers: Client, works: list[Item]) -> None:
    ids = ",".join(str(work.pk) for work in works[:2])
    plain = hers.post("/library/act/", {"do": "compare", "ids": ids})
    assert (plain.status_code, plain.headers["Location"]) == (302, address(*works[:2]))
    live = hers.post("/library/act/", {"do": "compare", "ids": ids}, headers={"HX-Request": "true"})
    assert (live.status_code, live.headers["HX-Redirect"]) == (204, address(*works[:2]))
    assert hers.post("/library/act/", {"do": "compare", "ids": str(works[0].pk)}).status_code == 400


def test_four_cost_as_much_as_two(
    hers: Client, works: list[Item], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, works, their files, attempts, inputs, balance, queue."""
    hers.get("/library/")
    for chosen in (works[:2], works[:4]):
        with django_assert_num_queries(9):
            assert hers.get(address(*chosen)).status_code == 200
