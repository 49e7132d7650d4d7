"""The line for a provider's tokens: people take turns, nobody overtakes, and everybody is told where they stand."""

from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from config.local.waiting import until
from generations import tasks
from generations.actions.requesting import Wish, request_generation
from generations.models import Generation, Priority, Stage
from generations.steps import advancing, lining, settling
from providers.models import TokenUse
from providers.pool import enrolling
from tests.pool import add, face, replicate
from tests.studio import Ask, Sandbox, drive, step
from tests.threads import at_once

__all__ = ["replicate"]
MakePerson = Callable[..., User]
SLOW = "[[slow=60]]"


def reread(wish: Generation) -> Generation:
    return Generation.objects.select_related("user").get(pk=wish.pk)


def end(wish: Generation) -> list[Any]:
    return settling.settle(reread(wish), Stage.FAILED, error_code="provider_failed")


def asked(ask: Ask, people: list[User], count: int, words: str = SLOW) -> list[list[Generation]]:
    """All of the first person's wishes before the next one's come."""
    return [
        [ask(person, f"turn {number} {words}", seed=number, megapixels="0.25") for number in range(count)]
        for person in people
    ]


def look(wishes: list[list[Generation]]) -> None:
    for row in chain(*wishes):
        if not row.is_final:
            step(row)


def rest() -> None:
    """Nobody in line is due or was told to look."""
    Generation.objects.filter(stage=Stage.QUEUED).update(next_action_at=Now() + timedelta(seconds=60), hinted_at=None)


def test_three_people_with_five_wishes_each_take_turns_on_one_token(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_only_one")
    people = [make_person(name) for name in ("anna", "boris", "clara")]
    wishes = asked(ask, people, 5, "")

    def all_done() -> bool:
        look(wishes)
        return all(row.is_final for row in chain(*wishes))

    until(all_done, 120)
    assert set(Generation.objects.values_list("stage", flat=True)) == {"completed"}
    served = Generation.objects.order_by("submitted_at").values_list("user_id", flat=True)
    assert list(served) == [person.pk for person in people] * 5
    assert not TokenUse.objects.exists()


def test_priority_comes_before_turns_and_a_low_one_does_not_wait_for_ever(
    replicate: Sandbox, make_person: MakePerson, db: None
) -> None:
    add("r8_only_one")
    people = [make_person(name) for name in ("anna", "boris", "clara", "ada")]

    def ask_for(person: User, priority: Priority) -> Generation:
        wish = Wish(model_id="flux-schnell", prompt=f"level {priority} {SLOW}", priority=priority)
        return step(request_generation(person, wish).generation)

    at_work = ask_for(people[0], Priority.NORMAL)
    levels = Priority.LOW, Priority.NORMAL, Priority.HIGH
    low, normal, high = (ask_for(person, one) for person, one in zip(people[1:], levels, strict=True))
    assert at_work.stage == Stage.RUNNING
    assert [row.id for row in lining.head_of("replicate")] == [high.pk, normal.pk, low.pk]
    Generation.objects.update(created_at=Now() - timedelta(seconds=lining.LOW_FOR_SECONDS))
    Generation.objects.filter(pk=low.pk).update(created_at=Now() - timedelta(seconds=lining.LOW_FOR_SECONDS + 1))
    assert [row.id for row in lining.head_of("replicate")] == [high.pk, low.pk, normal.pk]


def test_of_ones_own_wishes_the_higher_gets_the_place_that_becomes_free(
    replicate: Sandbox, alice: User, settings: Any
) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    rows = [
        request_generation(alice, Wish(model_id="flux-schnell", prompt=f"own {SLOW}", priority=one)).generation
        for one in (Priority.NORMAL, Priority.LOW, Priority.NORMAL)
    ]
    first, low, second = map(step, rows)
    assert [row.stage for row in (first, low, second)] == ["running", "queued", "queued"]
    [hint] = end(first)
    assert hint.generation_id == second.pk


def test_a_place_is_told_as_people_will_take_turns(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_only_one")
    anna, boris, clara = wishes = asked(ask, [make_person(name) for name in ("anna", "boris", "clara")], 3)
    look(wishes)
    look(wishes)
    assert anna[0].stage == Stage.RUNNING
    waiting = Generation.objects.filter(waits_for="token").order_by("place_in_line")
    expected = [boris[0], clara[0], anna[1], boris[1], clara[1], anna[2], boris[2], clara[2]]
    assert [row.pk for row in waiting] == [row.pk for row in expected]
    assert [row.place_in_line for row in waiting] == list(range(1, 9))


def test_with_two_tokens_anybodys_first_goes_before_anothers_third(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_one_of_two", "r8_two_of_two")
    anna, boris = wishes = asked(ask, [make_person("anna"), make_person("boris")], 4)
    look(wishes)
    assert [row.stage for row in anna[:3]] == ["running", "running", "queued"]
    end(anna[0])
    look(wishes)
    assert (reread(boris[0]).stage, reread(anna[2]).stage) == ("running", "queued")


def test_the_freed_place_wakes_whose_turn_it_is_and_nobody_else(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_only_one")
    anna, boris = wishes = asked(ask, [make_person("anna"), make_person("boris")], 2)
    look(wishes)
    rest()
    woken = [hint.generation_id for hint in end(anna[0])]
    assert boris[0].pk in woken
    assert boris[1].pk not in woken
    # Anna's own line in the studio is another one; her second looks, and lets Boris go first.
    step(anna[1])
    assert (anna[1].stage, anna[1].place_in_line) == ("queued", 2)
    tasks.advance_now(boris[0].pk)
    assert reread(boris[0]).stage == Stage.RUNNING


def test_a_newcomer_wakes_the_first_in_line_instead_of_overtaking(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    [only] = add("r8_only_one")
    anna, boris, clara = (make_person(name) for name in ("anna", "boris", "clara"))
    (first,), (second,) = asked(ask, [anna, boris], 1)
    look([[first], [second]])
    # A place that nobody is told of: the operator lets the token do more.
    type(only).objects.filter(pk=only.pk).update(max_in_flight=2)
    newcomer = ask(clara, f"newcomer {SLOW}")
    tasks.advance_now(newcomer.pk)
    assert (reread(newcomer).stage, reread(newcomer).place_in_line) == ("queued", 2)
    assert Generation.objects.filter(pk=second.pk, next_action_at__lte=Now()).exists()
    tasks.advance_now(second.pk)
    assert reread(second).stage == Stage.RUNNING


def test_places_that_become_free_together_are_all_taken(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    [only] = add("r8_only_one")
    wishes = asked(ask, [make_person(f"person{number}") for number in range(5)], 1)
    look(wishes)
    type(only).objects.filter(pk=only.pk).update(max_in_flight=4)
    rest()
    woken = lining.wake_first("replicate")
    for _ in range(10):
        woken = [hint for old in woken for hint in advancing.advance(old.generation_id)]
    assert Generation.objects.filter(stage=Stage.RUNNING).count() == 4


def test_who_hangs_holds_nobody_up(replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None) -> None:
    add("r8_only_one")
    anna, boris = wishes = asked(ask, [make_person("anna"), make_person("boris")], 2)
    look(wishes)
    end(anna[0])
    rows = Generation.objects.filter(user=boris[0].user)
    rows.update(lease_until=Now() + timedelta(seconds=30), next_action_at=Now() + timedelta(seconds=30))
    assert step(anna[1]).stage == Stage.RUNNING


@pytest.mark.usefixtures("committed")
def test_of_many_at_once_it_is_the_first_in_line(replicate: Sandbox, make_person: MakePerson, ask: Ask) -> None:
    add("r8_only_one")
    anna, boris = wishes = asked(ask, [make_person("anna"), make_person("boris")], 3)
    look(wishes)
    end(anna[0])
    waiting = [*anna[1:], *boris]
    Generation.objects.filter(stage=Stage.QUEUED).update(next_action_at=Now())
    at_once(lambda number: tasks.advance_now(waiting[number].pk), len(waiting))
    assert {reread(row).pk for row in waiting if reread(row).stage == Stage.RUNNING} == {boris[0].pk}


def test_a_page_hears_when_the_place_changes_and_not_when_it_does_not(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_only_one")
    anna, boris, clara = wishes = asked(ask, [make_person(name) for name in ("anna", "boris", "clara")], 1)
    look(wishes)
    told = step(clara[0]).change_seq
    assert (clara[0].place_in_line, step(clara[0]).change_seq) == (2, told)
    end(boris[0])
    assert step(clara[0]).place_in_line == 1
    assert clara[0].change_seq == told + 1
    end(anna[0])
    assert step(clara[0]).stage == Stage.RUNNING
    assert (clara[0].waits_for, clara[0].place_in_line) == ("", None)


def test_a_wish_that_has_another_real_way_takes_it(replicate: Sandbox, alice: User, ask: Ask, settings: Any) -> None:
    face(replicate, settings, "fal")
    add("r8_only_one")
    add("key:secret", provider="fal")
    busy, other = step(ask(alice, f"here {SLOW}")), step(ask(alice, f"there {SLOW}"))
    assert [(row.stage, row.provider) for row in (busy, other)] == [("running", "replicate"), ("running", "fal")]


def test_a_wish_that_has_a_real_way_does_not_end_in_the_sandbox(replicate: Sandbox, alice: User, ask: Ask) -> None:
    [only] = add("r8_only_one")
    step(ask(alice, f"here {SLOW}"))
    second = step(ask(alice, "waits"))
    assert (second.stage, second.waits_for, second.provider) == ("queued", "token", "replicate")
    enrolling.switch_off(only.pk)
    assert step(second).stage == Stage.QUEUED


def test_the_line_costs_one_query_however_long_it_is(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add("r8_only_one")
    wishes = asked(ask, [make_person(f"person{number}") for number in range(6)], 5)
    look(wishes)
    with CaptureQueriesContext(connection) as queries:
        head = lining.head_of("replicate", own=wishes[5][4].pk)
    assert len(queries) == 1
    assert [row.place for row in head] == [1, 2, 3, 4, 5, 29]


def test_the_sandbox_has_no_line(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    rows = [ask(alice, f"free {SLOW}") for _ in range(3)]
    assert {step(row).stage for row in rows} == {"running"}
    assert not Generation.objects.exclude(waits_for="").exists()
    assert Generation.objects.filter(slot__gte=1, submitted_at__gte=F("created_at")).count() == 3
    drive(ask(alice, "ends"))
