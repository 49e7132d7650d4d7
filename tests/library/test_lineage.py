"""A picture, its edits and their films as a tree: every work once, what each branch cost, bounded, the person's own."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations import lineage
from generations.models import Generation, Input, Output
from tests.library.conftest import Put

COSTS = {"picture": 3000, "edit": 40_000, "film": 500_000, "other": 40_000, "second": 3000, "collage": 7000}
Tree = list[tuple[str, Any]]


def give(child: Generation, *parents: Generation) -> None:
    for index, parent in enumerate(parents):
        asset = Output.objects.get(generation=parent).asset
        assert asset is not None
        Input.objects.create(generation=child, slot="image", index=index, asset=asset)


@pytest.fixture
def made(alice: User, put: Put) -> dict[str, Generation]:
    """picture → edit → film, picture → other edit; a collage of the edit and of a picture of its own."""
    rows = {}
    for name, cost in COSTS.items():
        item = put(alice, name)
        Generation.objects.filter(pk=item.pk).update(cost_millicredits=cost, refunded_millicredits=0)
        rows[name] = Generation.objects.get(pk=item.pk)
    give(rows["edit"], rows["picture"])
    give(rows["film"], rows["edit"])
    give(rows["other"], rows["picture"])
    give(rows["collage"], rows["edit"], rows["second"])
    return rows


def shape(nodes: Any) -> Tree:
    return [(node.generation.prompt, shape(node.children)) for node in nodes]


def tree_of(generation: Generation, user: User) -> Tree:
    found = lineage.lineage_of(generation, user)
    return shape(found.roots) if found else []


def test_the_same_tree_from_wherever_one_looks(alice: User, made: dict[str, Generation]) -> None:
    below: Tree = [("edit", [("film", []), ("collage", [])]), ("other", [])]
    for name in ("picture", "edit", "film", "other"):
        assert tree_of(made[name], alice) == [("picture", below)], name
    # What it was made from besides comes with it.
    assert tree_of(made["collage"], alice) == [("picture", below), ("second", [])]
    assert tree_of(made["second"], alice) == [("second", [("collage", [])])]


def test_a_work_alone_has_none(alice: User, put: Put) -> None:
    alone = put(alice, "alone").generation
    assert lineage.lineage_of(alone, alice) is None


def test_each_branch_says_what_it_cost(alice: User, made: dict[str, Generation]) -> None:
    Generation.objects.filter(pk=made["other"].pk).update(
        stage="failed", status="failed", error_code="provider_error", refunded_millicredits=0
    )
    found = lineage.lineage_of(made["edit"], alice)
    assert found is not None
    costs = {node.generation.prompt: node.branch_millicredits for node in lineage.walk(found.roots)}
    assert costs == {"film": 500_000, "collage": 7000, "edit": 547_000, "other": 0, "picture": 550_000}
    assert found.millicredits == 550_000


def test_a_hundred_edits_of_one_picture_are_cut(alice: User, put: Put, made: dict[str, Generation]) -> None:
    for number in range(lineage.MOST + 10):
        give(put(alice, f"edit {number}").generation, made["picture"])
    found = lineage.lineage_of(made["picture"], alice)
    assert found is not None
    assert found.is_cut
    assert len(list(lineage.walk(found.roots))) == lineage.MOST


def test_a_long_line_is_told_from_its_end(alice: User, put: Put) -> None:
    line = [put(alice, "step 0").generation]
    for number in range(1, lineage.DEPTH + 6):
        line.append(put(alice, f"step {number}").generation)
        give(line[-1], line[-2])
    found = lineage.lineage_of(line[-1], alice)
    assert found is not None
    assert [node.generation.prompt for node in lineage.walk(found.roots)][-1] == line[-1].prompt


def test_the_result_page_draws_it(hers: Client, made: dict[str, Generation]) -> None:
    page = hers.get(f"/result/{made['film'].pk}/").content.decode()
    works = re.findall(r'class="lineage-work" href="/result/([^/]+)/"( aria-current="page")?', page)
    assert [pk for pk, current in works if current] == [str(made["film"].pk)]
    assert len(works) == 5
    assert "590 cr in all" in page


def test_it_costs_as_much_for_a_large_one(
    hers: Client, alice: User, put: Put, made: dict[str, Generation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        give(put(alice, f"edit {number}").generation, made["picture"])
    for name in ("second", "picture"):
        with django_assert_num_queries(4):
            assert tree_of(made[name], alice)
