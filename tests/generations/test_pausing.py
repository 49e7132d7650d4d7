"""A person pauses their line: nothing more is started, nothing is lost, and it goes on where it stood."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts import credits
from accounts.models import User
from generations import tasks
from generations.actions.pausing import pause_line, resume_line
from generations.actions.requesting import Wish, request_generation
from generations.models import Attempt, Event, Generation, Stage
from generations.steps import claims, settling, submitting, sweeping, waiting
from tests.pool import add, replicate
from tests.studio import Ask, Sandbox, drive, step
from tests.threads import at_once

__all__ = ["replicate"]
MakePerson = Callable[..., User]
SLOW = "[[slow=60]]"


def due(wish: Generation) -> bool:
    return Generation.objects.due().filter(pk=wish.pk).exists()


def look(wish: Generation) -> Generation:
    """As a worker with a hint does: nothing happens unless it is due."""
    tasks.advance_now(wish.pk)
    wish.refresh_from_db()
    return wish


def test_what_waits_is_not_started_and_what_is_under_way_goes_on(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    at_work, waits = step(ask(alice, "under way")), ask(alice, "waits")
    pause_line(alice)
    assert look(waits).waits_for == "pause"
    assert drive(at_work).stage == Stage.COMPLETED
    assert look(waits).stage == Stage.QUEUED
    assert not Attempt.objects.filter(generation=waits).exists()
    # Asked for meanwhile: written down with its hold, and as much at rest as the others.
    later = ask(alice, "asked for meanwhile")
    assert (later.waits_for, due(later), look(later).stage) == ("pause", False, "queued")
    assert credits.balance_of(alice.pk).held == 2 * 300


def test_it_goes_on_where_it_stood(sandbox: Sandbox, alice: User, ask: Ask, settings: Any) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    first, second = ask(alice, f"first {SLOW}"), ask(alice, f"second {SLOW}")
    pause_line(alice)
    resume_line(alice)
    assert (due(first), due(second)) == (True, True)
    assert [look(second).stage, look(first).stage] == ["queued", "running"]
    assert list(Event.objects.filter(generation=first).values_list("kind", flat=True))[:3] == [
        "queued", "paused", "resumed",
    ]  # fmt: skip


def test_twice_is_once(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    wish = ask(alice, "once")
    for act in (pause_line, pause_line, resume_line, resume_line):
        act(alice)
    assert Event.objects.filter(generation=wish, kind__in=["paused", "resumed"]).count() == 2
    assert not User.objects.get(pk=alice.pk).is_paused


def test_pages_hear_of_it_even_when_nothing_waits(alice: User) -> None:
    before = alice.seq
    pause_line(alice)
    assert User.objects.get(pk=alice.pk).seq == before + 1


def test_the_patience_of_the_line_stands_still_but_not_for_ever(
    sandbox: Sandbox, alice: User, ask: Ask, settings: Any
) -> None:
    wish = ask(alice, "patient")
    pause_line(alice)
    wish.refresh_from_db()
    assert wish.deadline_at > timezone.now() + timedelta(seconds=settings.PAUSE_PATIENCE_SECONDS - 60)
    resume_line(alice)
    wish.refresh_from_db()
    left = (wish.deadline_at - timezone.now()).total_seconds()
    assert left == pytest.approx(settings.QUEUE_PATIENCE_SECONDS, abs=60)
    pause_line(alice)
    Generation.objects.filter(pk=wish.pk).update(deadline_at=Now(), next_action_at=Now())
    assert (look(wish).stage, wish.error_code) == ("failed", "paused_too_long")
    assert credits.balance_of(alice.pk).held == 0


def test_a_row_at_rest_that_is_looked_at_stays_at_rest_and_does_not_die_of_it(
    sandbox: Sandbox, alice: User, ask: Ask, settings: Any
) -> None:
    wish = ask(alice, "looked at")
    pause_line(alice)
    for _look in range(settings.MAX_TRIES_PER_STAGE + 2):
        assert step(wish).stage == Stage.QUEUED
    assert (wish.waits_for, wish.lease_until, wish.tries_in_stage) == ("pause", None, 0)
    assert Event.objects.filter(generation=wish, kind="paused").count() == 1


def test_no_hint_and_no_freed_place_wakes_a_paused_row(sandbox: Sandbox, alice: User, ask: Ask, settings: Any) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    at_work, waits = step(ask(alice, f"at work {SLOW}")), ask(alice, "waits")
    pause_line(alice)
    at_work = Generation.objects.select_related("user").get(pk=at_work.pk)
    assert settling.settle(at_work, Stage.FAILED, error_code="provider_failed") == []
    assert not due(waits)
    assert waits.pk not in {one.hint.generation_id for one in sweeping.overdue_hints()}


def test_whoever_pauses_holds_nobody_else_up(replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None) -> None:
    add("r8_only_one")
    anna, boris, clara = (make_person(name) for name in ("anna", "boris", "clara"))
    at_work, first, second = (step(ask(person, f"turns {SLOW}")) for person in (anna, boris, clara))
    assert [row.place_in_line for row in (first, second)] == [1, 2]
    pause_line(boris)
    settling.settle(Generation.objects.get(pk=at_work.pk), Stage.FAILED, error_code="provider_failed")
    assert step(second).stage == Stage.RUNNING
    resume_line(boris)
    assert (step(first).stage, first.place_in_line) == ("queued", 1)


def test_who_is_looking_at_a_row_finds_the_pause_itself(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    wish = ask(alice, "in somebody's hands")
    held = claims.claim(wish.pk)
    assert held is not None
    pause_line(alice)
    wish.refresh_from_db()
    assert wish.waits_for == ""
    assert submitting.submit(held) == []
    wish.refresh_from_db()
    assert (wish.stage, wish.waits_for, wish.lease_until) == ("queued", "pause", None)


def test_neither_does_a_wait_for_a_provider_outlast_it(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    wish = ask(alice, "no way now")
    held = claims.claim(wish.pk)
    assert held is not None
    pause_line(alice)
    waiting.wait(held, "provider", 15)
    wish.refresh_from_db()
    assert wish.waits_for == "pause"


def test_a_look_that_outlasts_pause_and_resumption_and_pause_still_rests(
    sandbox: Sandbox, alice: User, ask: Ask
) -> None:
    wish = ask(alice, "stale")
    pause_line(alice)
    Generation.objects.filter(pk=wish.pk).update(next_action_at=Now())
    held = claims.claim(wish.pk)
    assert held is not None
    resume_line(alice)
    pause_line(alice)
    submitting.submit(held)
    wish.refresh_from_db()
    assert (wish.waits_for, wish.lease_until) == ("pause", None)
    resume_line(alice)
    assert due(wish)


def test_a_worker_that_died_with_a_row_leaves_it_to_the_pause(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    wish = ask(alice, "its worker died")
    assert claims.claim(wish.pk) is not None
    pause_line(alice)
    Generation.objects.filter(pk=wish.pk).update(lease_until=Now(), next_action_at=Now())
    assert look(wish).waits_for == "pause"
    resume_line(alice)
    assert look(wish).stage == Stage.RUNNING


def test_it_can_be_cancelled_meanwhile(sandbox: Sandbox, alice: User, ask: Ask, program: Any) -> None:
    wish = ask(alice, "not any more")
    pause_line(alice)
    assert program(alice).post(f"/api/generations/{wish.pk}/cancel").json()["status"] == "cancelled"
    assert credits.balance_of(alice.pk).held == 0


@pytest.mark.usefixtures("committed")
def test_pausing_while_workers_look_leaves_each_row_sent_once_or_at_rest(
    sandbox: Sandbox, make_person: MakePerson, ask: Ask, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 10
    alice = make_person("alice")
    rows = [ask(alice, f"race {number} {SLOW}") for number in range(6)]

    def act(number: int) -> None:
        if number == 0:
            pause_line(User.objects.get(pk=alice.pk))
        else:
            tasks.advance_now(rows[number - 1].pk)

    assert at_once(act, 7) == [None] * 7
    for row in Generation.objects.for_user(alice):
        sent = Attempt.objects.filter(generation=row).count()
        assert (row.waits_for == "pause", sent) in {(True, 0), (False, 1)}
        assert not (row.stage == Stage.QUEUED and row.waits_for != "pause")


@pytest.mark.usefixtures("committed")
def test_wishes_and_pauses_and_resumptions_at_once_leave_nothing_behind(
    sandbox: Sandbox, make_person: MakePerson, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 20
    alice = make_person("alice")

    def act(number: int) -> None:
        person = User.objects.get(pk=alice.pk)
        if number % 3 == 0:
            request_generation(person, Wish(model_id="flux-schnell", prompt=f"crowd {number} {SLOW}"))
        else:
            (pause_line if number % 3 == 1 else resume_line)(person)

    assert at_once(act, 12) == [None] * 12
    resume_line(User.objects.get(pk=alice.pk))
    rows = Generation.objects.for_user(alice)
    assert (rows.count(), rows.filter(waits_for="pause").count(), rows.due().count()) == (4, 0, 4)
