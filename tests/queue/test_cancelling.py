"""Before: what cancelling would cost. After: what came of it, truly."""

from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import translation

from accounts import credits
from accounts.models import User
from generations import texts
from generations.models import Attempt, Event, Generation, Stage
from generations.models.event import Kind
from generations.steps import applying
from providers.contract import JobState, JobUpdate
from tests.studio import Ask, Sandbox, drive, step

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}


def told(row: Generation) -> str:
    return texts.cancel_sentence(Generation.objects.get(pk=row.pk))


def test_what_waits_is_free_and_what_is_at_work_may_not_be(hers: Client, alice: User, ask: Ask) -> None:
    at_work, _first, _second = step(ask(alice, "at work [[slow=60]]")), ask(alice, "first"), ask(alice, "second")
    page = hers.get("/queue/cancel/").content.decode()
    assert "2 wait in line: they end at once, and 0.6 cr come back." in page
    assert "1 is at work" in page
    assert "up to 0.3 cr are charged" in page
    one = hers.get(f"/generations/{at_work.pk}/cancel/", headers=HTMX).content.decode()
    assert "<html" not in one
    assert "up to 0.3 cr are charged" in one
    assert "wait in line" not in one
    # Looking changes nothing.
    assert not Generation.objects.filter(cancel_requested_at__isnull=False).exists()


def test_all_of_it_is_cancelled_and_nothing_is_started_in_between(hers: Client, alice: User, ask: Ask) -> None:
    at_work, waits = step(ask(alice, "at work [[slow=60]]")), ask(alice, "waits")
    answer = hers.post("/queue/cancel/", {"what": "all"}, headers=HTMX)
    assert (answer.status_code, 'id="line"' in answer.content.decode()) == (200, True)
    assert Generation.objects.get(pk=waits.pk).stage == Stage.CANCELLED
    assert Generation.objects.get(pk=at_work.pk).cancel_requested_at is not None
    assert Attempt.objects.count() == 1


def test_what_has_ended_has_no_preview(hers: Client, alice: User, ask: Ask) -> None:
    row = drive(ask(alice, "ready"))
    answer: Any = hers.get(f"/generations/{row.pk}/cancel/")
    assert answer.status_code == 409
    assert "too late to cancel" in answer.content.decode()


def test_cancelled_in_line_was_stopped(hers: Client, alice: User, ask: Ask) -> None:
    row = ask(alice, "not sent")
    hers.post(f"/generations/{row.pk}/cancel/")
    assert told(row) == "It was stopped. Nothing was charged."


def test_cancelled_at_the_provider_says_so_until_it_is_confirmed(hers: Client, alice: User, ask: Ask) -> None:
    row = step(ask(alice, "stopped there [[slow=60]]"))
    hers.post(f"/generations/{row.pk}/cancel/")
    assert told(row).startswith("The provider was asked to stop.")
    assert drive(row).stage == Stage.CANCELLED
    assert told(row) == "It was stopped. Nothing was charged."
    assert credits.balance_of(alice.pk).available == 100_000
    assert "It was stopped. Nothing was charged." in hers.get("/queue/").content.decode()


def test_one_whose_end_the_provider_never_confirmed_says_that(
    hers: Client, alice: User, ask: Ask, sandbox: Sandbox, settings: Any
) -> None:
    row = step(ask(alice, "silent [[slow=600]]"))
    hers.post(f"/generations/{row.pk}/cancel/")
    # Nobody there any more to confirm anything.
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    Generation.objects.filter(pk=row.pk).update(deadline_at=Now())
    assert step(row).stage == Stage.CANCELLED
    assert told(row) == "The provider never confirmed that it stopped. Nothing was charged."


def test_one_that_was_finished_first_says_that_it_was_charged(
    hers: Client, alice: User, ask: Ask, sandbox: Sandbox
) -> None:
    row = step(ask(alice, "faster"))
    hers.post(f"/generations/{row.pk}/cancel/")
    attempt = Attempt.objects.get(generation=row)
    assert attempt.external_id is not None
    (job,) = sandbox.journal("faster")
    assert job
    update = JobUpdate(
        external_id=attempt.external_id, state=JobState.SUCCEEDED, output_urls=(f"{sandbox.origin}/x.webp",)
    )
    applying.apply_update(attempt.pk, update, source=Kind.POLLED)
    Generation.objects.filter(pk=row.pk).update(
        stage=Stage.COMPLETED, status="completed", slot=None, next_action_at=None, completed_at=Now()
    )
    assert told(row) == "It was ready before it could be stopped, so it was charged."
    with translation.override("ru"):
        assert told(row).startswith("Результат был готов раньше")
    assert Event.objects.filter(generation=row, kind="cancel_requested").count() == 1
