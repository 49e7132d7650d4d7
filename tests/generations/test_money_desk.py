"""The money desk: what an operator may decide about a paid request without an answer, and what comes of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import credits
from accounts.models import LedgerTransaction, User
from accounts.statements import Statement, statement_of
from generations import auditing
from generations.actions.changing import cancel_generation
from generations.admin import asking
from generations.models import Attempt, Event, Generation, Output, Stage
from generations.models.event import Kind
from generations.steps import applying
from generations.texts import error_sentence
from providers.contract import JobState, JobUpdate
from tests.reasons import with_a_reason
from tests.studio import Ask, Sandbox, drive, step

DESK, ROWS = "admin:generations_unconfirmed_changelist", "admin:generations_generation_changelist"
REASON = "stands in the invoice of May"


@pytest.fixture
def doubtful(alice: User, sandbox: Sandbox, ask: Ask) -> Generation:
    """Sent; the provider's answer was an error that proves nothing."""
    row = step(ask(alice, "in doubt [[500]]"))
    assert row.stage == Stage.UNCONFIRMED
    return row


def act(person: User, action: str, *rows: Generation, at: str = DESK, **fields: str) -> Any:
    client = Client()
    client.force_login(person)
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows], **fields}
    return client.post(reverse(at), form, follow=True)


def confirm(person: User, action: str, *rows: Generation, at: str = DESK, reason: str = REASON) -> str:
    """The page after the act."""
    return str(act(person, action, *rows, at=at, **with_a_reason(reason)).content.decode())


def broken() -> list[str]:
    with connection.cursor() as cursor:
        return [one.promise for one in auditing.broken(cursor)]


def statement(row: Generation) -> Statement:
    return statement_of(row.ledger_reference)


def look_at(person: User, row: Generation) -> str:
    """What stands on the result page, without the sentences it keeps for refusals."""
    client = Client()
    client.force_login(person)
    return client.get(f"/result/{row.pk}/").content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("action", ["ask", "settle_as_charged", "settle_as_not_charged", "refund"])
def test_it_says_first_what_will_happen_and_wants_a_reason(
    doubtful: Generation, alice: User, sue: User, action: str
) -> None:
    before = credits.balance_of(alice.pk)
    for fields in (
        {},
        {"confirmed": "yes"},
        {"confirmed": "yes", "reason": "  "},
        {"confirmed": "yes", "reason": "x" * 201},
    ):
        page = act(sue, action, doubtful, **fields).content.decode()
        assert ("will happen" in page, "in doubt" in page) == (True, True)
        doubtful.refresh_from_db()
        assert (doubtful.stage, credits.balance_of(alice.pk)) == (Stage.UNCONFIRMED, before)
    assert not LogEntry.objects.exists()


def test_it_tells_what_it_costs(doubtful: Generation, alice: User, ada: User, ask: Ask) -> None:
    other = step(ask(alice, "also in doubt [[500]]", num_outputs=4))
    page = act(ada, "settle_as_charged", doubtful, other).content.decode()
    assert "2 rows, 1.5 credits." in page
    assert "0.3 cr are charged." in page
    assert "1.2 cr are charged." in page


def test_settled_as_charged_it_ends_paid_and_says_so(doubtful: Generation, alice: User, ada: User) -> None:
    page = confirm(ada, "settle_as_charged", doubtful)
    assert "Settled as charged: 1, 0.3 credits." in page
    doubtful.refresh_from_db()
    assert (doubtful.stage, doubtful.error_code) == (Stage.FAILED, "charged_unconfirmed")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000 - 300)
    assert error_sentence(doubtful).endswith("you will find it here. Credits: charged 0.3 cr.")
    shown = look_at(alice, doubtful)
    assert "charged 0.3 cr" in shown
    assert "given back" not in shown
    assert "Nothing was charged" not in shown
    assert broken() == []


def test_settled_as_not_charged_it_ends_as_by_its_fuse(doubtful: Generation, alice: User, ada: User) -> None:
    page = confirm(ada, "settle_as_not_charged", doubtful)
    assert "Settled as not charged: 1, 0.3 credits went back." in page
    doubtful.refresh_from_db()
    assert (doubtful.stage, doubtful.error_code) == (Stage.FAILED, "submission_unconfirmed")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)
    assert Attempt.objects.get(generation=doubtful).state == "dead"
    assert broken() == []


def test_what_was_to_be_cancelled_is_cancelled(doubtful: Generation, ada: User) -> None:
    cancel_generation(doubtful)
    confirm(ada, "settle_as_not_charged", doubtful)
    doubtful.refresh_from_db()
    assert (doubtful.stage, doubtful.error_code) == (Stage.CANCELLED, "")
    assert broken() == []


def test_who_and_why_stand_in_ledger_and_trail_and_not_before_people(
    doubtful: Generation, alice: User, ada: User
) -> None:
    confirm(ada, "settle_as_charged", doubtful)
    settled = LedgerTransaction.objects.get(kind="capture", reference=doubtful.ledger_reference)
    assert (settled.actor, settled.note) == (ada, REASON)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (ada, str(doubtful.pk))
    assert REASON in entry.change_message
    assert not Event.objects.filter(data__icontains=REASON).exists()
    shown = look_at(alice, doubtful)
    assert "The operator found that the provider did the work; it was charged" in shown
    assert ada.email not in shown
    assert REASON not in shown


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        ("settle_as_charged", Kind.LATE_AND_PAID, "had been charged"),
        ("settle_as_not_charged", Kind.LATE, "not charged"),
    ],
)
def test_a_result_that_still_arrives_is_added_and_moves_no_money(  # noqa: PLR0917
    doubtful: Generation, alice: User, ada: User, ask: Ask, action: str, kind: Kind, words: str
) -> None:
    confirm(ada, action, doubtful)
    donor = drive(ask(alice, "donor"))
    before = credits.balance_of(alice.pk)
    (url,) = Output.objects.filter(generation=donor).values_list("source_url", flat=True)
    news = JobUpdate(external_id="came-late", state=JobState.SUCCEEDED, output_urls=(url,))
    applying.apply_update(Attempt.objects.get(generation=doubtful).pk, news, source=Kind.WEBHOOK)
    step(doubtful)
    assert Output.objects.get(generation=doubtful).state == "stored"
    assert Event.objects.filter(generation=doubtful, kind=kind).count() == 1
    assert credits.balance_of(alice.pk) == before
    assert words in look_at(alice, doubtful)
    assert broken() == []


def test_a_charge_is_given_back_once(doubtful: Generation, alice: User, ada: User, sue: User) -> None:
    confirm(ada, "settle_as_charged", doubtful)
    assert "Given back: 1, 0.3 credits." in confirm(sue, "refund", doubtful)
    assert "Left alone: 1. Some or all of it was given back before" in confirm(sue, "refund", doubtful)
    doubtful.refresh_from_db()
    assert doubtful.refunded_millicredits == 300
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)
    assert "The operator gave back 0.3 cr" in look_at(alice, doubtful)
    given = LedgerTransaction.objects.get(kind="refund")
    assert (given.actor, given.note) == (sue, REASON)
    assert broken() == []


def test_what_went_well_is_given_back_from_the_list_of_generations(
    alice: User, sue: User, sandbox: Sandbox, ask: Ask
) -> None:
    row = drive(ask(alice, "not what I meant"))
    assert "Given back: 1, 0.3 credits." in confirm(sue, "refund", row, at=ROWS)
    row.refresh_from_db()
    assert (row.stage, row.refunded_millicredits) == (Stage.COMPLETED, 300)
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)
    assert broken() == []


def test_what_was_given_back_in_part_is_left_alone(alice: User, sue: User, sandbox: Sandbox, ask: Ask) -> None:
    row = step(ask(alice, "four wanted [[slow=60]]", num_outputs=4))
    donor = drive(ask(alice, "donor", num_outputs=2))
    urls = Output.objects.filter(generation=donor).order_by("index").values_list("source_url", flat=True)
    attempt = Attempt.objects.get(generation=row)
    assert attempt.external_id is not None
    news = JobUpdate(external_id=attempt.external_id, state=JobState.SUCCEEDED, output_urls=tuple(urls))
    applying.apply_update(attempt.pk, news, source=Kind.WEBHOOK)
    assert drive(row).refunded_millicredits == 600
    before = credits.balance_of(alice.pk)
    assert "that can be done once" in act(sue, "refund", row, at=ROWS).content.decode()
    assert "Left alone: 1." in confirm(sue, "refund", row, at=ROWS)
    row.refresh_from_db()
    assert (row.refunded_millicredits, credits.balance_of(alice.pk)) == (600, before)


def test_what_was_never_charged_is_not_given_back(doubtful: Generation, alice: User, sue: User) -> None:
    assert "Nothing was charged, so there is nothing to give back." in confirm(sue, "refund", doubtful)
    assert statement(doubtful).refunded == 0


def test_an_admin_asks_and_settles_and_gives_nothing_back(doubtful: Generation, alice: User, ada: User) -> None:
    confirm(ada, "settle_as_charged", doubtful)
    for at in (DESK, ROWS):
        confirm(ada, "refund", doubtful, at=at)
    assert (statement(doubtful).charged, statement(doubtful).refunded) == (300, 0)


def test_people_have_no_desk(doubtful: Generation, alice: User) -> None:
    for action in ("ask", "settle_as_charged", "settle_as_not_charged", "refund"):
        confirm(alice, action, doubtful)
    doubtful.refresh_from_db()
    assert doubtful.stage == Stage.UNCONFIRMED
    assert not LogEntry.objects.exists()


def test_asking_is_truthful(doubtful: Generation, ada: User) -> None:
    assert "Asked: 1." in confirm(ada, "ask", doubtful)
    assert "Left alone: 1. Somebody was faster: the provider is being asked already." in confirm(ada, "ask", doubtful)
    assert LogEntry.objects.count() == 1


def test_a_row_that_found_its_job_meanwhile_is_left_alone_and_told_of(
    doubtful: Generation, alice: User, ada: User
) -> None:
    found = JobUpdate(external_id="found", state=JobState.RUNNING)
    applying.apply_update(Attempt.objects.get(generation=doubtful).pk, found, source=Kind.WEBHOOK)
    for action in ("ask", "settle_as_charged", "settle_as_not_charged"):
        assert "Left alone: 1. Somebody was faster: it is no longer in doubt." in confirm(ada, action, doubtful)
    doubtful.refresh_from_db()
    assert (doubtful.stage, credits.balance_of(alice.pk).held) == (Stage.RUNNING, 300)


def test_no_more_than_a_hundred_at_once(
    doubtful: Generation, alice: User, ada: User, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 1)
    other = step(ask(alice, "one too many [[500]]"))
    for fields in ({}, with_a_reason(REASON)):
        page = act(ada, "settle_as_charged", doubtful, other, **fields).content.decode()
        assert "At most 1 rows at once. Nothing was done." in page
    assert credits.balance_of(alice.pk).held == 600


def test_a_row_has_the_acts_as_buttons_and_the_list_its_evidence(
    doubtful: Generation, ada: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = Client()
    client.force_login(ada)
    page = client.get(reverse("admin:generations_unconfirmed_change", args=[doubtful.pk])).content.decode()
    assert 'name="action" value="settle_as_charged"' in page
    assert 'value="refund"' not in page
    with django_assert_max_num_queries(9):
        listed = client.get(reverse(DESK), {"which": "open"}).content.decode()
    assert "HTTP 500, asked after 0 times" in listed
    assert "0.3 cr held" in listed
    assert "0.3 cr held" not in client.get(reverse(DESK), {"which": "charged"}).content.decode()
    history = client.get(reverse("admin:generations_unconfirmed_history", args=[doubtful.pk]))
    assert history.headers["Location"] == reverse("admin:generations_generation_history", args=[doubtful.pk])
