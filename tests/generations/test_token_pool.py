"""Generations and the token pool together: nobody's wish suffers for a token, and no place is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from config.local.waiting import until
from generations import tasks
from generations.models import Attempt, Generation, Stage
from generations.steps import claims, pooling, routing, settling, submitting
from providers import tokens
from providers.models import Token, TokenUse
from providers.pool import enrolling, overview, taking
from tests.pool import add, fault_of_token, replicate
from tests.studio import Ask, Sandbox, drive, step

__all__ = ["replicate"]
MakePerson = Callable[..., User]


def figures() -> dict[str, Any]:
    return {row.label: row for row in overview.every_token()}


def attempts_of(label: str) -> Any:
    token = Token.objects.get(label=label)
    return Attempt.objects.filter(token_label__startswith=f"#{token.pk} ")


def finish(wishes: list[Generation]) -> None:
    def all_done() -> bool:
        for wish in wishes:
            if not wish.is_final:
                step(wish)
        return all(wish.is_final for wish in wishes)

    until(all_done, 90)
    assert {wish.stage for wish in wishes} == {Stage.COMPLETED}


@pytest.mark.long
def test_three_of_ten_tokens_begin_to_fail_and_no_generation_does(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, db: None
) -> None:
    add(*(f"t{n} r8_pool_{n}" for n in range(10)))
    people = [make_person(f"person{n}") for n in range(6)]
    before = [
        ask(person, f"pooled {number}", seed=number, megapixels="0.25") for person in people for number in range(4)
    ]
    finish(before)
    assert min(attempts_of(f"t{n}").count() for n in range(10)) >= 2
    then = {f"t{n}": attempts_of(f"t{n}").count() for n in range(3)}

    fault_of_token(replicate, "r8_pool_0", "401")
    fault_of_token(replicate, "r8_pool_1", "402")
    fault_of_token(replicate, "r8_pool_2", "429", value="header", times=1)
    after = [
        ask(person, f"pooled {number}", seed=number, megapixels="0.25") for person in people for number in range(4, 10)
    ]
    finish(after)
    # Each of the bad ones was sent with once more, and not accepted; the throttled one works again by itself.
    assert [attempts_of(f"t{n}").filter(state="refused").count() for n in range(10)] == [1, 1, 1] + [0] * 7
    assert [attempts_of(label).count() - then[label] for label in ("t0", "t1")] == [1, 1]

    def is_back() -> bool:
        return drive(ask(people[0], "once more")).is_final and attempts_of("t2").filter(state="closed").count() > 2

    until(is_back, 60)
    now = figures()
    assert [now[f"t{n}"].state for n in range(3)] == ["suspect", "exhausted", "active"]
    assert all(now[f"t{n}"].state == "active" for n in range(3, 10))
    for label, row in now.items():
        mine = attempts_of(label)
        assert (row.requests, row.errors) == (mine.count(), mine.filter(state="refused").count())
    assert len(replicate.journal("pooled")) == len(before) + len(after)
    assert not TokenUse.objects.exists()


def test_choosing_a_token_asks_nothing_for_ninety_five_of_a_hundred(alice: User, replicate: Sandbox, ask: Ask) -> None:
    """Beside the one statement that takes the place, which is a write. All else of an attempt is eleven, always: the
    test's savepoint, the person's lock, the places, the line, the row, its event and change number, the attempt."""
    add(*(f"r8_many_{n}" for n in range(10)))
    asking, counts = 0, set()
    for _ in range(100):
        wish = claims.claim(ask(alice, "many").pk)
        assert wish is not None
        with CaptureQueriesContext(connection) as queries:
            opened = submitting.open_attempt(wish, routing.ways(wish))
        assert isinstance(opened, submitting.Opened)
        settling.settle(wish_now(wish), Stage.CANCELLED)
        about_tokens = [one["sql"] for one in queries if "providers_" in one["sql"]]
        assert sum("providers_take_token" in sql for sql in about_tokens) == 1
        asking += len(about_tokens) > 1
        counts.add(len(queries) - len(about_tokens))
    assert asking <= 5
    assert counts == {11}


def wish_now(wish: Generation) -> Generation:
    return Generation.objects.select_related("user").get(pk=wish.pk)


def test_a_place_is_free_again_when_the_provider_is_done_not_when_the_files_are_kept(
    alice: User, replicate: Sandbox, ask: Ask
) -> None:
    add("r8_only_one")
    wish = step(ask(alice, "saving"))
    assert TokenUse.objects.count() == 1
    until(lambda: step(wish).stage in {Stage.SAVING, Stage.COMPLETED}, 20)
    assert TokenUse.objects.count() == 0


def test_a_job_is_asked_after_with_its_own_token_though_it_is_off(alice: User, replicate: Sandbox, ask: Ask) -> None:
    [mine, _other] = add("r8_job_own", "r8_another")
    wish = step(ask(alice, "sticky"))
    enrolling.switch_off(mine.pk)
    fault_of_token(replicate, "r8_another", "401")
    assert drive(wish).stage == Stage.COMPLETED
    assert Attempt.objects.get(generation=wish).token_label.startswith(f"#{mine.pk} ")
    fault_of_token(replicate, "r8_another", None)


def test_a_token_revoked_under_way_is_not_sent_with_again(alice: User, replicate: Sandbox, ask: Ask) -> None:
    [mine] = add("r8_revoked_later")
    wish = step(ask(alice, "revoked [[slow=30]]"))
    fault_of_token(replicate, "r8_revoked_later", "401")
    assert step(wish).stage == Stage.RUNNING
    mine.refresh_from_db()
    assert mine.state == "suspect"
    fault_of_token(replicate, "r8_revoked_later", None)


def test_all_throttled_is_a_wait_and_no_hot_loop(alice: User, replicate: Sandbox, ask: Ask) -> None:
    add("r8_busy_a", "r8_busy_b")
    for secret in ("r8_busy_a", "r8_busy_b"):
        fault_of_token(replicate, secret, "429", value="30")
    wish = step(ask(alice, "all busy"))
    for _ in range(5):
        step(wish)
    assert (wish.stage, wish.waits_for) == (Stage.QUEUED, "token")
    assert Attempt.objects.filter(generation=wish).count() == 2
    assert Generation.objects.filter(pk=wish.pk, next_action_at__gt=Now()).exists()
    for secret in ("r8_busy_a", "r8_busy_b"):
        fault_of_token(replicate, secret, None)


def test_a_place_whose_attempt_nobody_knows_is_swept_back(
    replicate: Sandbox, alice: User, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("r8_lost_a", "r8_lost_b")
    wish = step(ask(alice, "kept [[slow=30]]"))
    Attempt.objects.filter(generation=step(ask(alice, "lost [[slow=30]]"))).delete()
    assert pooling.give_back_lost() == 0
    monkeypatch.setattr(taking, "LOST_AFTER", taking.LOST_AFTER * 0)
    assert tasks.sweep_now()["places"] == 1
    assert TokenUse.objects.get().holder == Attempt.objects.get(generation=wish).pk


def test_a_delivery_is_judged_as_the_account_its_job_was_sent_with(alice: User, replicate: Sandbox, ask: Ask) -> None:
    from generations.webhooks import _account_of

    first, second = add("r8_account_a", "r8_account_b")
    for token in (first, second):
        wish = step(ask(alice, f"account {token.pk} [[slow=30]]"))
        account = _account_of("replicate", Attempt.objects.get(generation=wish).pk)
        assert account.token_id == token.pk
    unknown = _account_of("replicate", Attempt.objects.filter(generation=wish).get().generation_id)
    assert unknown == tokens.pick("replicate")
