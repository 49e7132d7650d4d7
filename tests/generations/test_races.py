"""Many at once: one limit, one generation per key, one submission, one settlement."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts import credits
from accounts.models import LedgerTransaction, User
from generations import tasks
from generations.actions.changing import NotCancellable, cancel_generation
from generations.actions.requesting import KeyReused, TooManyActive, Wish, request_generation
from generations.models import Attempt, Event, Generation, Stage
from generations.models.event import Kind
from generations.steps import settling
from generations.steps.applying import apply_update
from providers.contract import JobState, JobUpdate
from tests.generations.conftest import Ask, Sandbox, drive, step
from tests.threads import at_once

MakePerson = Callable[..., User]
pytestmark = pytest.mark.usefixtures("committed")


def test_a_person_never_has_more_than_the_line_allows(sandbox: Sandbox, make_person: MakePerson, settings: Any) -> None:
    settings.MAX_ACTIVE_GENERATIONS, settings.MAX_WAITING_GENERATIONS = 2, 3
    alice = make_person("alice")
    wish = Wish(model_id="flux-schnell", prompt="crowd")
    results = at_once(lambda _number: request_generation(alice, wish), 12)
    assert sum(isinstance(result, TooManyActive) for result in results) == 7
    assert Generation.objects.for_user(alice).count() == 5
    assert credits.balance_of(alice.pk).held == 5 * 300


def test_at_most_five_work_at_once(sandbox: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    alice = make_person("alice")
    rows = [ask(alice, f"row {number}") for number in range(9)]
    at_once(lambda number: tasks.advance_now(rows[number].pk), 9)
    stages = list(Generation.objects.for_user(alice).values_list("stage", "slot"))
    working = sorted(slot for stage, slot in stages if stage != Stage.QUEUED and slot is not None)
    assert working == [1, 2, 3, 4, 5]
    assert sum(stage == Stage.QUEUED for stage, _slot in stages) == 4


def test_one_key_makes_one_generation(sandbox: Sandbox, make_person: MakePerson) -> None:
    alice = make_person("alice")
    wish = Wish(model_id="flux-schnell", prompt="once", params={"seed": 1}, idempotency_key="k-1")
    results: list[Any] = at_once(lambda _number: request_generation(alice, wish), 16)
    assert len({result.generation.pk for result in results}) == 1
    assert sum(not result.is_replay for result in results) == 1
    assert credits.balance_of(alice.pk).held == 300
    with pytest.raises(KeyReused):
        request_generation(alice, Wish(model_id="flux-schnell", prompt="other", idempotency_key="k-1"))


def test_one_key_belongs_to_one_person(sandbox: Sandbox, make_person: MakePerson) -> None:
    wish = Wish(model_id="flux-schnell", prompt="once", params={"seed": 1}, idempotency_key="k-1")
    people = [make_person("alice"), make_person("bob")]
    assert len({request_generation(person, wish).generation.pk for person in people}) == 2


def test_many_workers_submit_once(sandbox: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    generation = ask(make_person("alice"), "one windmill for many workers")
    at_once(lambda _number: tasks.advance_now(generation.pk), 8)
    assert Attempt.objects.filter(generation=generation).count() == 1
    assert drive(generation).stage == Stage.COMPLETED
    assert len(sandbox.journal("one%20windmill")) == 1


def test_cancel_and_completion_at_once_leave_one_end(sandbox: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    alice = make_person("alice")
    generation = ask(alice, "torn")

    def act(number: int) -> object:
        row = Generation.objects.get(pk=generation.pk)
        if number % 2:
            return settling.settle(row, Stage.FAILED, error_code="timed_out")
        cancel_generation(row)
        return None

    results = at_once(act, 8)
    assert all(result is None or result == [] or isinstance(result, NotCancellable) for result in results)
    ends = Event.objects.filter(generation=generation, kind__in=["failed", "cancelled"])
    assert ends.count() == 1
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_the_same_news_from_all_sides_is_applied_once(sandbox: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    alice = make_person("alice")
    generation = step(ask(alice, "echo"))
    attempt = Attempt.objects.get(generation=generation)
    assert attempt.external_id is not None
    news = JobUpdate(
        external_id=attempt.external_id,
        state=JobState.SUCCEEDED,
        output_urls=(f"{sandbox.origin}/replicate/gone.webp",),
    )
    at_once(lambda _number: apply_update(attempt.pk, news, source=Kind.WEBHOOK), 8)
    assert Event.objects.filter(generation=generation, kind="saving").count() == 1
    assert generation.outputs.count() == 1


def test_a_freed_place_goes_to_the_oldest_in_line(
    sandbox: Sandbox, make_person: MakePerson, ask: Ask, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    alice = make_person("alice")
    first, second, third = (ask(alice, f"line {number}") for number in range(3))
    step(first)
    for waiting in (second, third):
        assert step(waiting).stage == Stage.QUEUED
    Generation.objects.filter(pk__in=[second.pk, third.pk]).update(next_action_at=Now() + timedelta(hours=1))
    drive(first)
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.next_action_at is not None and third.next_action_at is not None
    assert second.next_action_at < third.next_action_at


def test_who_finds_every_place_spoken_for_rests_until_one_is_free(
    sandbox: Sandbox, make_person: MakePerson, ask: Ask, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 2
    alice = make_person("alice")
    first, second, third = (ask(alice, f"rest {number}") for number in range(3))
    for due in (first, second):
        assert due.next_action_at == due.created_at
    assert third.next_action_at == third.created_at + timedelta(seconds=30)
    cancel_generation(first)
    assert Generation.objects.due().filter(pk=third.pk).exists()
    # One that a provider has told to come back later does not speak for a place.
    Generation.objects.exclude(pk=first.pk).update(next_action_at=Now() + timedelta(hours=1))
    fourth = ask(alice, "rest 4")
    assert fourth.next_action_at == fourth.created_at
    fourth.refresh_from_db()
    assert fourth.created_at == fourth.next_action_at


def test_everything_is_charged_at_most_once(sandbox: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    alice = make_person("alice")
    rows = [ask(alice, f"sum {number}") for number in range(4)]
    for row in rows:
        drive(row)
    kinds = list(LedgerTransaction.objects.filter(reference__startswith="generation:").values_list("kind", flat=True))
    assert sorted(kinds) == ["capture"] * 4 + ["hold"] * 4
