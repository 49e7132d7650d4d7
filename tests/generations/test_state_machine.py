"""Whatever happens in whatever order, the law and the ledger hold: a random walk against a model in plain Python."""

from typing import Any

import pytest
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, integers, sampled_from

from accounts import credits
from accounts.ids import uuid7
from accounts.models import LedgerEntry, LedgerTransaction, User
from accounts.trail import Hand
from generations.actions import changing, fronting, pausing, reconciling, requesting
from generations.actions.reconciling import Act
from generations.models import Attempt, Event, Generation, Output, Stage
from generations.models.attempt import LIVE
from generations.models.event import Kind
from generations.models.generation import FINAL, WITH_SLOT
from generations.steps import applying, claims, refusing, routing, settling, submitting
from media_pipeline.models import Asset
from providers.contract import ErrorCode, JobState, JobUpdate
from providers.errors import ContentRefused, OutOfCredit, RateLimited

PRICE = 300
START = 3000
pytestmark = [pytest.mark.usefixtures("sandbox"), pytest.mark.long]


class Studio(RuleBasedStateMachine):
    """One person, up to ten wishes; provider, worker, poller and person act at random, without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.user = User.objects.create_user(f"walk-{uuid7().hex}@example.com")
        credits.grant(user_id=self.user.pk, millicredits=START, reference=f"walk:{self.user.pk}")
        self.ends: dict[Any, tuple[str, str]] = {}

    def rows(self) -> list[Generation]:
        return list(Generation.objects.filter(user=self.user).order_by("created_at", "id"))

    def pick(self, number: int, *stages: Stage) -> Generation | None:
        rows = [row for row in self.rows() if not stages or row.stage in stages]
        return rows[number % len(rows)] if rows else None

    def claim(self, number: int, *stages: Stage) -> Generation | None:
        row = self.pick(number, *stages)
        if row is None:
            return None
        Generation.objects.filter(pk=row.pk).update(next_action_at=Now(), lease_until=None)
        return claims.claim(row.pk)

    @rule()
    def ask(self) -> None:
        wish = requesting.Wish(model_id="flux-schnell", prompt="walk")
        try:
            requesting.request_generation(self.user, wish)
        except credits.InsufficientCredit as refused:
            assert refused.available < PRICE

    @rule(number=integers(0, 9), outcome=sampled_from(["unknown", "busy", "content", "account", "nothing yet"]))
    def send(self, number: int, outcome: str) -> None:
        row = self.claim(number, Stage.QUEUED)
        ways = routing.ways(row) if row else []
        if row is None or not ways:
            return
        opened = submitting.open_attempt(row, ways)
        attempt = opened.attempt if isinstance(opened, submitting.Opened) else None
        assert attempt is None or not User.objects.get(pk=self.user.pk).is_paused
        if attempt is None or outcome == "nothing yet":
            return
        if outcome == "unknown":
            submitting.mark_unconfirmed(row, attempt)
        else:
            errors = {
                "busy": RateLimited("slow down", retry_after_seconds=5),
                "content": ContentRefused("no"),
                "account": OutOfCredit("no"),
            }
            refusing.refuse(row, attempt, errors[outcome])

    @rule(number=integers(0, 9), state=sampled_from(JobState), source=sampled_from([Kind.WEBHOOK, Kind.POLLED]))
    def hear(self, number: int, state: JobState, source: Kind) -> None:
        """The right job or, for an attempt without an id, the first that speaks."""
        attempts = list(Attempt.objects.filter(generation__user=self.user).order_by("created_at", "id"))
        if not attempts:
            return
        attempt = attempts[number % len(attempts)]
        update = JobUpdate(
            external_id=attempt.external_id or f"job-{attempt.pk}",
            state=state,
            output_urls=("https://replicate.delivery/x.webp",) if state is JobState.SUCCEEDED else (),
            error_code=ErrorCode.PROVIDER_FAILED if state is JobState.FAILED else "",
        )
        applying.apply_update(attempt.pk, update, source=source)

    @rule(number=integers(0, 9))
    def hear_of_another_job(self, number: int) -> None:
        attempt = Attempt.objects.filter(generation__user=self.user, external_id__isnull=False).first()
        if attempt is not None:
            update = JobUpdate(external_id=f"stranger-{number}", state=JobState.FAILED)
            before = Event.objects.filter(generation__user=self.user).count()
            applying.apply_update(attempt.pk, update, source=Kind.WEBHOOK)
            assert Event.objects.filter(generation__user=self.user).count() == before

    @rule(number=integers(0, 9))
    def cancel(self, number: int) -> None:
        row = self.pick(number)
        if row is None:
            return
        try:
            changing.cancel_generation(row)
        except changing.NotCancellable:
            assert row.stage in {*FINAL, Stage.SAVING}

    @rule(is_on=booleans())
    def pause(self, is_on: bool) -> None:
        (pausing.pause_line if is_on else pausing.resume_line)(self.user)

    @rule(number=integers(0, 9))
    def move_to_front(self, number: int) -> None:
        row = self.pick(number, Stage.QUEUED)
        if row is not None:
            fronting.move_to_front(row)

    @precondition(lambda self: any(row.stage == Stage.SAVING for row in self.rows()))
    @rule(number=integers(0, 9), to=sampled_from([Stage.COMPLETED, Stage.FAILED]))
    def settle(self, number: int, to: Stage) -> None:
        row = self.pick(number, Stage.SAVING)
        assert row is not None
        if to is Stage.COMPLETED:
            self.store_files(row)
        settling.settle(row, to, error_code="download_failed" if to is Stage.FAILED else "")

    def store_files(self, row: Generation) -> None:
        for output in Output.objects.filter(generation=row):
            asset = Asset.objects.create(
                user=self.user, key=str(output.pk), sha256="0" * 64, content_type="image/webp", size_bytes=1,
                width=1, height=1,
            )  # fmt: skip
            Output.objects.filter(pk=output.pk).update(state="stored", asset=asset)

    @rule(number=integers(0, 9))
    def settle_again_whatever_it_is(self, number: int) -> None:
        row = self.pick(number)
        if row is not None:
            settling.settle(row, Stage.FAILED, error_code="timed_out")

    @rule(number=integers(0, 9), act=sampled_from(Act))
    def decide_by_hand(self, number: int, act: Act) -> None:
        row = self.pick(number)
        if row is None:
            return
        verdict = reconciling.perform(act, row.pk, Hand(self.user.pk, "because"))
        if act is Act.REFUND:
            assert (verdict.refusal is None) == (row.is_charged and not row.refunded_millicredits)
        else:
            assert verdict.refusal is None or act is Act.ASK or row.stage != Stage.UNCONFIRMED

    @invariant()
    def what_has_ended_stays(self) -> None:
        for row in self.rows():
            if row.pk in self.ends:
                assert self.ends[row.pk] == (row.stage, row.error_code)
            elif row.is_final:
                self.ends[row.pk] = (row.stage, row.error_code)

    @invariant()
    def one_hold_each_and_one_settlement_exactly_at_the_end(self) -> None:
        for row in self.rows():
            kinds = LedgerTransaction.objects.filter(reference=row.ledger_reference).values_list("kind", flat=True)
            end = "capture" if row.is_charged else "release" if row.is_final else None
            refund = "refund" if row.refunded_millicredits else None
            assert sorted(kinds) == sorted(filter(None, ["hold", end, refund]))

    @invariant()
    def held_is_what_is_open_and_the_books_balance(self) -> None:
        rows = self.rows()
        balance = credits.balance_of(self.user.pk)
        assert balance.held == PRICE * sum(not row.is_final for row in rows)
        paid = sum(PRICE - row.refunded_millicredits for row in rows if row.is_charged)
        assert balance.available + balance.held == START - paid
        mine = LedgerTransaction.objects.filter(entries__user=self.user)
        assert sum(LedgerEntry.objects.filter(transaction__in=mine).values_list("millicredits", flat=True)) == 0

    @invariant()
    def what_waits_for_a_pause_to_end_is_found_when_it_does(self) -> None:
        at_rest = [row for row in self.rows() if row.waits_for == "pause"]
        assert not at_rest or User.objects.get(pk=self.user.pk).is_paused
        assert all(row.stage == Stage.QUEUED and row.lease_until is None for row in at_rest)

    @invariant()
    def working_rows_have_their_own_place_and_one_live_attempt(self) -> None:
        rows = self.rows()
        slots = [row.slot for row in rows if row.stage in WITH_SLOT]
        assert len(slots) == len(set(slots)) <= 5
        for row in rows:
            alive = Attempt.objects.filter(generation=row, state__in=LIVE).count()
            assert alive == int(row.stage in WITH_SLOT)


@pytest.mark.django_db
def test_no_order_of_events_breaks_the_law_or_the_ledger() -> None:
    run_state_machine_as_test(
        Studio,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
