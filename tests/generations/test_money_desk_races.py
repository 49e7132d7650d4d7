"""Operators, webhooks and workers at the same moment: one end, one settlement, one refund, and the truth told of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models.functions import Now

from accounts import credits
from accounts.models import LedgerTransaction, User
from accounts.statements import statement_of
from accounts.trail import Hand
from generations import auditing, tasks
from generations.actions.reconciling import Act, Refusal, Verdict, perform
from generations.models import Attempt, Generation, Output, Stage
from generations.models.event import Kind
from generations.steps import applying, claims, confirming
from providers.contract import JobState, JobUpdate
from tests.conftest import MakePerson
from tests.studio import Ask, Sandbox, drive, step
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("committed")
ROUNDS = 5


@pytest.fixture
def alice(committed: None, make_person: MakePerson) -> User:
    return make_person("alice")


@pytest.fixture
def hands(committed: None, make_person: MakePerson) -> list[Hand]:
    return [Hand(make_person(name, role="super_admin").pk, f"says {name}") for name in ("sue", "sam")]


@pytest.fixture
def doubtful(alice: User, sandbox: Sandbox, ask: Ask) -> Callable[..., Generation]:
    def make(word: str) -> Generation:
        row = step(ask(alice, f"{word} [[500]]"))
        assert row.stage == Stage.UNCONFIRMED
        return row

    return make


@pytest.fixture(autouse=True)
def _the_books_are_right(committed: None) -> Any:
    yield
    with connection.cursor() as cursor:
        assert [one.promise for one in auditing.broken(cursor)] == []


def kinds(row: Generation) -> list[str]:
    """What the ledger did with it."""
    return sorted(LedgerTransaction.objects.filter(reference=row.ledger_reference).values_list("kind", flat=True))


def verdicts(results: list[object]) -> list[Verdict]:
    assert all(isinstance(result, Verdict) for result in results), results
    return [result for result in results if isinstance(result, Verdict)]


def test_two_admins_who_disagree_settle_it_once(doubtful: Any, hands: list[Hand]) -> None:
    acts = (Act.CHARGE, Act.RELEASE)
    for number in range(ROUNDS):
        row = doubtful(f"disputed {number}")
        told = verdicts(at_once(lambda n, row=row: perform(acts[n % 2], row.pk, hands[n % 2]), 6))  # type: ignore[misc]
        assert [verdict.refusal for verdict in told].count(None) == 1
        assert {verdict.refusal for verdict in told} == {None, Refusal.MOVED_ON}
        winner = next(n for n, verdict in enumerate(told) if verdict.refusal is None)
        assert kinds(row) == sorted(["hold", "capture" if acts[winner % 2] is Act.CHARGE else "release"])
        assert LogEntry.objects.get(object_id=str(row.pk)).user_id == hands[winner % 2].actor_id


def test_asked_twice_at_once_one_is_told_that_it_was_asked(doubtful: Any, hands: list[Hand]) -> None:
    for number in range(ROUNDS):
        row = doubtful(f"asked {number}")
        told = verdicts(at_once(lambda n, row=row: perform(Act.ASK, row.pk, hands[n]), 2))  # type: ignore[misc]
        assert sorted(str(verdict.refusal) for verdict in told) == ["None", str(Refusal.BEING_ASKED)]
        assert LogEntry.objects.filter(object_id=str(row.pk)).count() == 1


def test_a_refund_beside_the_end_finds_a_charge_or_none(
    alice: User, sandbox: Sandbox, ask: Ask, hands: list[Hand]
) -> None:
    for number in range(ROUNDS):
        row = almost_done(ask(alice, f"both {number}"))

        def do(n: int, row: Generation = row) -> object:
            if n % 2:
                return perform(Act.REFUND, row.pk, hands[0])
            tasks.advance_now(row.pk)
            return None

        told = verdicts([result for result in at_once(do, 4) if result is not None])
        row.refresh_from_db()
        assert row.stage == Stage.COMPLETED
        given = [verdict for verdict in told if verdict.refusal is None]
        assert len(given) <= 1
        assert row.refunded_millicredits == statement_of(row.ledger_reference).refunded == 300 * len(given)


def almost_done(row: Generation) -> Generation:
    """The provider is done with it: what is due now stores the file and charges."""
    while row.stage != Stage.SAVING:
        step(row)
    Generation.objects.filter(pk=row.pk).update(next_action_at=Now(), lease_until=None)
    return row


def test_two_refunds_at_once_give_back_once(alice: User, sandbox: Sandbox, ask: Ask, hands: list[Hand]) -> None:
    row = drive(ask(alice, "wanted back"))
    told = verdicts(at_once(lambda n: perform(Act.REFUND, row.pk, hands[n % 2]), 6))
    assert [verdict.refusal for verdict in told].count(None) == 1
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("act", [Act.CHARGE, Act.RELEASE])
def test_settled_beside_the_webhook_that_brings_the_result(
    alice: User, doubtful: Any, ask: Ask, hands: list[Hand], act: Act
) -> None:
    donor = drive(ask(alice, "donor"))
    (url,) = Output.objects.filter(generation=donor).values_list("source_url", flat=True)
    for number in range(ROUNDS):
        row = doubtful(f"torn {number}")
        attempt = Attempt.objects.get(generation=row)
        news = JobUpdate(external_id=f"torn-{act}-{number}", state=JobState.SUCCEEDED, output_urls=(url,))

        def do(n: int, row: Generation = row, attempt: Attempt = attempt, news: JobUpdate = news) -> object:
            if n:
                return applying.apply_update(attempt.pk, news, source=Kind.WEBHOOK)
            return perform(act, row.pk, hands[0])

        told = at_once(do, 2)[0]
        assert isinstance(told, Verdict)
        row = drive(row)
        step(row)
        is_late = told.refusal is None
        assert row.stage == (Stage.FAILED if is_late else Stage.COMPLETED)
        output = Output.objects.get(generation=row)
        assert (output.state, output.is_late) == ("stored", is_late)
        assert kinds(row) == sorted(["hold", "release" if is_late and act is Act.RELEASE else "capture"])


def test_what_is_being_saved_is_nobodys_to_settle(alice: User, doubtful: Any, ask: Ask, hands: list[Hand]) -> None:
    donor = drive(ask(alice, "donor"))
    (url,) = Output.objects.filter(generation=donor).values_list("source_url", flat=True)
    row = doubtful("saving")
    news = JobUpdate(external_id="saving-1", state=JobState.SUCCEEDED, output_urls=(url,))
    applying.apply_update(Attempt.objects.get(generation=row).pk, news, source=Kind.WEBHOOK)
    Generation.objects.filter(pk=row.pk).update(next_action_at=Now(), lease_until=None)
    acts = (Act.CHARGE, Act.RELEASE, Act.ASK)

    def do(n: int) -> object:
        if n:
            return perform(acts[n - 1], row.pk, hands[0])
        tasks.advance_now(row.pk)
        return None

    told = verdicts(at_once(do, 4)[1:])
    assert {verdict.refusal for verdict in told} == {Refusal.MOVED_ON}
    row.refresh_from_db()
    assert (row.stage, kinds(row)) == (Stage.COMPLETED, ["capture", "hold"])


def test_a_worker_that_is_asking_meanwhile_goes_home_quietly(doubtful: Any, hands: list[Hand]) -> None:
    row = doubtful("claimed")
    Generation.objects.filter(pk=row.pk).update(next_action_at=Now(), lease_until=None)
    claimed = claims.claim(row.pk)
    assert claimed is not None
    assert perform(Act.ASK, row.pk, hands[0]).refusal is Refusal.BEING_ASKED
    assert perform(Act.CHARGE, row.pk, hands[0]).refusal is None
    confirming.confirm(claimed, is_last=True)
    row.refresh_from_db()
    assert (row.stage, row.error_code, kinds(row)) == (Stage.FAILED, "charged_unconfirmed", ["capture", "hold"])
