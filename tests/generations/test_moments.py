"""News, ends and wishes that meet at an awkward moment: each shown once to have gone wrong, or easy to get wrong."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts import credits
from accounts.models import User
from generations import tasks
from generations.actions.changing import cancel_generation
from generations.models import Attempt, Delivery, Event, Generation, Output, Stage
from generations.models.event import Kind
from generations.steps import advancing, applying, claims, confirming, hearing, settling
from providers.contract import ErrorCode, JobState, JobUpdate
from tests.studio import Ask, Sandbox, drive, step


def the_attempt(generation: Generation) -> Attempt:
    return Attempt.objects.get(generation=generation)


def news(generation: Generation, state: JobState, *urls: str, **fields: Any) -> JobUpdate:
    external_id = the_attempt(generation).external_id
    assert external_id is not None
    return JobUpdate(external_id=external_id, state=state, output_urls=urls, **fields)


def tell(generation: Generation, state: JobState, *urls: str, **fields: Any) -> None:
    applying.apply_update(the_attempt(generation).pk, news(generation, state, *urls, **fields), source=Kind.WEBHOOK)
    generation.refresh_from_db()


URL = "https://replicate.delivery/x/out-0.webp"


def test_a_busy_providers_pause_is_kept(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "pause [[429=30]]", model="flux-1.1-pro"))
    assert generation.stage == Stage.QUEUED
    assert generation.next_action_at is not None
    assert generation.next_action_at > timezone.now() + timedelta(seconds=20)
    # Another one that ends does not call it back either.
    cancel_generation(ask(alice, "other"))
    generation.refresh_from_db()
    assert generation.next_action_at > timezone.now() + timedelta(seconds=20)


def test_a_success_during_the_last_question_is_not_timed_out(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "last second [[slow=60]]"))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now(), lease_until=None)
    claimed = claims.claim(generation.pk)
    assert claimed is not None
    tell(generation, JobState.SUCCEEDED, URL)
    assert settling.settle(claimed, Stage.FAILED, error_code="timed_out") == []
    generation.refresh_from_db()
    assert generation.stage == Stage.SAVING


def test_an_unconfirmed_one_that_was_just_adopted_is_left_alone(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "adopted meanwhile [[accept-500]]"))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now(), lease_until=None)
    claimed = claims.claim(generation.pk)
    assert claimed is not None
    update = JobUpdate(external_id="adopted1", state=JobState.RUNNING)
    applying.apply_update(the_attempt(generation).pk, update, source=Kind.WEBHOOK)
    confirming.confirm(claimed)
    generation.refresh_from_db()
    assert generation.stage == Stage.RUNNING


def test_fewer_pictures_than_ordered_cost_less(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "four wanted [[slow=60]]", num_outputs=4))
    ready = drive(ask(alice, "donor", num_outputs=2))
    urls = list(Output.objects.filter(generation=ready).order_by("index").values_list("source_url", flat=True))
    before = credits.balance_of(alice.pk).available
    tell(generation, JobState.SUCCEEDED, *urls)
    assert drive(generation).stage == Stage.COMPLETED
    assert credits.balance_of(alice.pk) == credits.Balance(available=before + 600)
    assert generation.refunded_millicredits == 600


def test_a_lost_answer_never_takes_the_job_of_somebody_who_asked_for_the_same(
    alice: User, bob: User, sandbox: Sandbox, ask: Ask
) -> None:
    hers = step(ask(alice, "twins [[500]]", seed=4))
    assert hers.stage == Stage.UNCONFIRMED
    his = step(ask(bob, "twins [[500]]", seed=4))
    assert his.stage == Stage.UNCONFIRMED
    # Neither was accepted; then a third person's POST of the same wish is.
    listed = JobUpdate(external_id="only-one", state=JobState.RUNNING)
    applying.apply_update(the_attempt(his).pk, listed, source=Kind.WEBHOOK)
    his.refresh_from_db()
    assert his.stage == Stage.RUNNING
    for _look in range(2):
        assert step(hers).stage == Stage.UNCONFIRMED


def test_twins_that_were_both_accepted_get_one_job_each(alice: User, bob: User, sandbox: Sandbox, ask: Ask) -> None:
    twins = [step(ask(person, "both sent [[accept-500]] [[drop]]", seed=9)) for person in (alice, bob)]
    assert [twin.stage for twin in twins] == [Stage.UNCONFIRMED] * 2
    for twin in twins:
        assert drive(twin).stage == Stage.COMPLETED
    ids = [the_attempt(twin).external_id for twin in twins]
    assert len(set(ids)) == 2
    assert len(sandbox.journal("both%20sent")) == 2


def test_a_slow_step_that_lost_its_lease_did_not_die(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "slow poll [[slow=60]]"))
    for _time in range(8):
        Generation.objects.filter(pk=generation.pk).update(next_action_at=Now(), lease_until=None)
        slow = claims.claim(generation.pk)
        assert slow is not None
        Generation.objects.filter(pk=generation.pk).update(next_action_at=Now(), lease_until=None)
        assert claims.claim(generation.pk) is not None
        claims.put_back(slow, 5)
    assert step(generation).stage == Stage.RUNNING


def test_a_job_the_provider_does_not_know_yet_is_not_given_up(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "unknown yet [[get=404]] [[drop]]"))
    for _time in range(4):
        assert step(generation).stage == Stage.RUNNING
    Attempt.objects.filter(generation=generation).update(accepted_at=F("accepted_at") - timedelta(minutes=3))
    assert (step(generation).stage, generation.error_code) == (Stage.FAILED, "provider_failed")


def test_a_disk_that_fails_for_one_file_does_not_lose_the_others(
    alice: User, sandbox: Sandbox, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = ask(alice, "three boats", num_outputs=3)
    while generation.stage != Stage.SAVING:
        step(generation)
    place = os.replace

    def fail(source: Path, target: Path) -> None:
        if f"{generation.pk}-1" in str(target):
            raise OSError(5, "Input/output error")
        place(source, target)

    monkeypatch.setattr("os.replace", fail)
    assert drive(generation).stage == Stage.COMPLETED
    states = list(Output.objects.filter(generation=generation).order_by("index").values_list("state", flat=True))
    assert states == ["stored", "failed", "stored"]
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000 - 600)


def test_while_files_are_saved_the_providers_word_is_final(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "final word [[slow=60]]"))
    tell(generation, JobState.SUCCEEDED, URL)
    before = Event.objects.filter(generation=generation).count()
    tell(generation, JobState.FAILED, error_code=ErrorCode.OUTPUT_EXPIRED)
    tell(generation, JobState.RUNNING)
    assert generation.stage == Stage.SAVING
    assert Event.objects.filter(generation=generation).count() == before


def test_an_address_too_long_to_keep_is_no_output(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "endless address [[slow=60]]"))
    tell(generation, JobState.SUCCEEDED, "https://replicate.delivery/" + "x" * 2000)
    assert (generation.stage, generation.error_code) == (Stage.FAILED, "no_output")


def test_a_delivery_that_can_never_be_applied_ends_as_poison(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "poison [[slow=60]]"))
    row = Delivery.objects.create(
        provider="replicate", dedupe="p", attempt_id=the_attempt(generation).pk, body=b"{}", tries=hearing.MAX_TRIES + 1
    )
    tasks.hear_now(row.pk)
    row.refresh_from_db()
    assert row.outcome == "poison"


def test_a_cancel_during_a_poll_is_noticed_right_after_it(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "cancel me [[slow=60]]"))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now(), lease_until=None)
    claimed = claims.claim(generation.pk)
    assert claimed is not None
    cancel_generation(Generation.objects.get(pk=generation.pk))
    claims.put_back(claimed, 60)
    assert Generation.objects.due().filter(pk=generation.pk).exists()
    assert drive(generation).stage == Stage.CANCELLED
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_who_waited_longer_goes_first(alice: User, sandbox: Sandbox, ask: Ask, settings: Any) -> None:
    settings.MAX_ACTIVE_GENERATIONS = 1
    older, newer = ask(alice, "older [[slow=60]]"), ask(alice, "newer [[slow=60]]")
    assert step(newer).stage == Stage.QUEUED
    assert step(older).stage == Stage.RUNNING


def test_with_room_for_all_the_order_of_hints_does_not_matter(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    rows = [ask(alice, f"row {number} [[slow=60]]") for number in range(3)]
    for row in reversed(rows):
        assert step(row).stage == Stage.RUNNING


def test_a_row_that_was_moved_on_is_not_claimed(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "moved on [[slow=60]]"))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now(), lease_until=None)
    assert claims.claim(generation.pk) is not None
    assert claims.claim(generation.pk) is None


def test_the_overdue_are_asked_after_once_more_and_released(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "overdue [[slow=60]]"))
    Generation.objects.filter(pk=generation.pk).update(deadline_at=Now() - timedelta(seconds=1))
    polls = the_attempt(generation).polls
    assert (step(generation).stage, generation.error_code) == (Stage.FAILED, "timed_out")
    assert the_attempt(generation).polls == polls + 1
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_a_step_that_keeps_dying_is_stopped(alice: User, sandbox: Sandbox, ask: Ask, settings: Any) -> None:
    generation = ask(alice, "dies each time")
    Generation.objects.filter(pk=generation.pk).update(tries_in_stage=settings.MAX_TRIES_PER_STAGE)
    assert advancing.advance(generation.pk) == []
    generation.refresh_from_db()
    assert (generation.stage, generation.error_code) == (Stage.FAILED, "internal")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)
