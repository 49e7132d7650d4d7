"""A person says which of their own wishes goes first; nobody else's place changes by it."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from generations import tasks
from generations.actions.fronting import NotInLine, move_to_front
from generations.actions.pausing import pause_line
from generations.actions.requesting import Wish, request_generation
from generations.models import Event, Generation, Priority, Stage
from generations.steps import lining, settling
from tests.pool import add, replicate
from tests.studio import Ask, Sandbox, step
from tests.threads import at_once

__all__ = ["replicate"]
MakePerson = Callable[..., User]
SLOW = "[[slow=60]]"


def end(wish: Generation) -> list[Any]:
    return settling.settle(Generation.objects.get(pk=wish.pk), Stage.FAILED, error_code="provider_failed")


def line(provider: str = "replicate") -> list[Any]:
    """The people of the whole line, in order."""
    rows = lining.head_of(provider)
    owners = dict(Generation.objects.filter(pk__in=[row.id for row in rows]).values_list("pk", "user_id"))
    return [owners[row.id] for row in rows]


def test_of_ones_own_it_gets_the_place_that_becomes_free(
    sandbox: Sandbox, alice: User, ask: Ask, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    first, second, third = (step(ask(alice, f"own {number} {SLOW}")) for number in range(3))
    move_to_front(third)
    assert [hint.generation_id for hint in end(first)] == [third.pk]
    assert [step(second).stage, step(third).stage] == ["queued", "running"]
    assert Event.objects.filter(generation=third, kind="fronted").count() == 1


def test_the_last_one_moved_goes_first(sandbox: Sandbox, alice: User, ask: Ask, settings: Any) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    first, second, third, fourth = (step(ask(alice, f"own {number} {SLOW}")) for number in range(4))
    move_to_front(second)
    move_to_front(fourth)
    order = Generation.objects.for_user(alice).filter(stage=Stage.QUEUED).in_own_order()
    assert [row.pk for row in order] == [fourth.pk, second.pk, third.pk]
    before = Generation.objects.filter(stage=Stage.QUEUED)
    assert [before.before_in_own_order(row).count() for row in (fourth, second, third)] == [0, 1, 2]
    assert first.stage == Stage.RUNNING


def test_the_places_of_the_line_stay_whose_they_are(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_only_one")
    anna, boris = make_person("anna"), make_person("boris")
    at_work = step(ask(make_person("clara"), f"at work {SLOW}"))
    # Anna came first, Boris then asked twice, Anna again: their second places are told apart by when they asked.
    old, one, two, young = (step(ask(person, f"turns {SLOW}")) for person in (anna, boris, boris, anna))
    before = line()
    move_to_front(young)
    assert line() == before == [anna.pk, boris.pk, boris.pk, anna.pk]
    assert [row.id for row in lining.head_of("replicate")] == [young.pk, one.pk, two.pk, old.pk]
    assert [step(row).place_in_line for row in (young, one, two, old)] == [1, 2, 3, 4]
    end(at_work)
    assert step(young).stage == Stage.RUNNING


def test_a_low_one_becomes_normal_and_does_not_go_before_a_high_one(
    sandbox: Sandbox, alice: User, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    levels = Priority.NORMAL, Priority.HIGH, Priority.LOW
    at_work, high, low = (
        step(request_generation(alice, Wish(model_id="flux-schnell", prompt=SLOW, priority=one)).generation)
        for one in levels
    )
    move_to_front(low)
    assert low.priority == Priority.NORMAL
    assert [hint.generation_id for hint in end(at_work)] == [high.pk]


def test_what_waits_for_a_provider_or_a_pause_is_not_sent_for_it(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    busy = step(ask(alice, "busy [[429=30]]", model="flux-1.1-pro"))
    assert busy.waits_for == "provider"
    paused = ask(alice, "paused")
    pause_line(alice)
    for wish in (busy, paused):
        move_to_front(wish)
        assert not Generation.objects.due().filter(pk=wish.pk).exists()


def test_what_no_longer_waits_is_refused_and_nothing_changes(
    sandbox: Sandbox, alice: User, ask: Ask, program: Any
) -> None:
    running = step(ask(alice, f"running {SLOW}"))
    with pytest.raises(NotInLine):
        move_to_front(running)
    answer = program(alice).post(f"/api/generations/{running.pk}/front")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_line")
    assert Generation.objects.get(pk=running.pk).fronted_at is None


@pytest.mark.usefixtures("committed")
def test_moved_and_sent_at_once_it_is_sent_once(sandbox: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    alice = make_person("alice")
    wish = ask(alice, f"torn {SLOW}")

    def act(number: int) -> None:
        if number % 2:
            tasks.advance_now(wish.pk)
        else:
            move_to_front(Generation.objects.get(pk=wish.pk))

    results = at_once(act, 6)
    assert all(result is None or isinstance(result, NotInLine) for result in results), results
    assert step(wish).submits == 1
