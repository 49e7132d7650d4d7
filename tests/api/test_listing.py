"""The list: what a line holds, how pages follow each other, what may be filtered, how many queries it takes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from generations.models import Generation
from tests.api.cases import CREATE, LIST, Scene
from tests.api.test_calls import ROW, address
from tests.studio import Sandbox, drive

NEXT = re.compile(r'<(http://testserver(/api/generations/list\?[^>]+))>; rel="next"')


@pytest.fixture
def many(scene: Scene) -> list[str]:
    """53 generations of Alice, all of the same moment, as after an import; ids newest first."""
    scene.settings.MAX_WAITING_GENERATIONS = 100
    rows = [scene.ask(scene.alice, f"number {number}") for number in range(53)]
    # Not due, so that they hold up nobody who comes later.
    Generation.objects.update(created_at=Now(), next_action_at=Now() + timedelta(hours=1))
    return sorted((str(row.pk) for row in rows), reverse=True)


def pages(client: Client, path: str) -> list[list[dict[str, Any]]]:
    found = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        found.append(answer.json())
        match = NEXT.fullmatch(answer.headers.get("Link", ""))
        assert match or "Link" not in answer.headers
        path = match[2] if match else ""
    return found


def test_a_line_has_the_agreed_fields_and_nobody_elses_rows(scene: Scene) -> None:
    mine = scene.ask(scene.alice, "mine")
    scene.ask(scene.make_person("bob"), "theirs")
    answer = scene.client.get(LIST)
    (row,) = answer.json()
    assert set(row) == ROW
    assert row["id"] == str(mine.pk)
    assert "Link" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_empty_list_is_an_empty_array(scene: Scene) -> None:
    assert scene.client.get(LIST).json() == []


def test_newest_stands_first(scene: Scene) -> None:
    made = [str(scene.ask(scene.alice, f"number {number}").pk) for number in range(3)]
    assert [row["id"] for row in scene.client.get(LIST).json()] == made[::-1]


@pytest.mark.parametrize("limit", [1, 7, 52, 53, 54])
def test_pages_have_no_gaps_and_no_doubles_when_rows_share_a_moment(limit: int, scene: Scene, many: list[str]) -> None:
    scene.settings.RATE_LIMITS = {"api": "1000/m"}
    found = pages(scene.client, f"{LIST}?limit={limit}")
    assert [row["id"] for page in found for row in page] == many
    assert {len(page) for page in found[:-1]} <= {limit}
    assert 0 < len(found[-1]) <= limit


def test_what_is_added_while_somebody_pages_does_not_shift_the_pages(scene: Scene, many: list[str]) -> None:
    first = scene.client.get(f"{LIST}?limit=20")
    scene.ask(scene.alice, "added meanwhile")
    match = NEXT.fullmatch(first.headers["Link"])
    assert match
    rest = [row["id"] for page in pages(scene.client, match[2]) for row in page]
    assert [row["id"] for row in first.json()] + rest == many


def test_the_limit_is_50_unless_told_and_100_at_most(scene: Scene, many: list[str]) -> None:
    assert len(scene.client.get(LIST).json()) == 50
    assert len(scene.client.get(f"{LIST}?limit=999999").json()) == 53
    for number in range(50):
        scene.ask(scene.alice, f"more {number}")
    assert len(scene.client.get(f"{LIST}?limit=101").json()) == 100


def test_filters_hold_on_every_page(scene: Scene, many: list[str]) -> None:
    for pk in many[10:15]:
        assert scene.client.post(f"/api/generations/{pk}/cancel").status_code == 200
    cancelled = pages(scene.client, f"{LIST}?status=cancelled&task=text-to-image&limit=2")
    assert [row["id"] for page in cancelled for row in page] == many[10:15]
    pending = pages(scene.client, f"{LIST}?status=pending&limit=20")
    assert [row["id"] for page in pending for row in page] == many[:10] + many[15:]
    assert pages(scene.client, f"{LIST}?task=text-to-video") == [[]]
    assert pages(scene.client, f"{LIST}?status=completed") == [[]]


def test_a_finished_line_has_its_links(scene: Scene, sandbox: Sandbox) -> None:
    generation = drive(scene.ask(scene.alice, "a lighthouse"))
    (row,) = scene.client.get(f"{LIST}?status=completed").json()
    whole = scene.client.get(address(generation)).json()
    assert row == {name: whole[name] for name in ROW}


def test_a_cursor_of_somebody_elses_row_shows_ones_own_only(scene: Scene, many: list[str]) -> None:
    bob = scene.make_person("bob")
    theirs = scene.ask(bob, "theirs")
    link = NEXT.fullmatch(scene.client.get(f"{LIST}?limit=10").headers["Link"])
    assert link
    scene.client.force_login(bob)
    bobs = Client()
    bobs.force_login(bob)
    assert {row["id"] for page in pages(bobs, link[2]) for row in page} <= {str(theirs.pk)}


def finished(scene: Scene, count: int) -> None:
    """As many as asked for, each with a stored picture."""
    for number in range(count):
        assert drive(scene.ask(scene.alice, f"number {number}")).stage == "completed"


def test_a_list_of_50_takes_four_queries_at_most(
    scene: Scene, many: list[str], sandbox: Sandbox, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """By key: the key with its person, the rows, their files. A session costs one more than the key."""
    finished(scene, 2)
    scene.client.get(LIST)
    with django_assert_num_queries(3):
        assert len(scene.client.get(LIST).json()) == 50
    by_session = Client()
    by_session.force_login(scene.alice)
    with django_assert_num_queries(4):
        assert len(by_session.get(LIST).json()) == 50


def test_one_generation_takes_three_queries(
    scene: Scene, sandbox: Sandbox, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    generation = drive(scene.ask(scene.alice, "several", num_outputs=4))
    scene.client.get(address(generation))
    with django_assert_num_queries(3):
        assert len(scene.client.get(address(generation)).json()["output_urls"]) == 4


def test_create_takes_a_pinned_number_of_queries(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many there are already. The key, and the function that writes everything."""
    wish = {"model": "flux-schnell", "prompt": "counted"}
    scene.client.send(CREATE, wish)
    with django_assert_num_queries(2):
        scene.client.send(CREATE, wish)
    for _ in range(5):
        scene.client.send(CREATE, wish)
    with django_assert_num_queries(2):
        assert scene.client.send(CREATE, wish).status_code == 201
