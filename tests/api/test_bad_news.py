"""Deliveries that are proven and say something odd: nonsense, news of others, unknown states. Cases 74 and 77 to 79.

All are taken with 200, because a provider repeats what is refused; what they may change is their own job at most.
"""

import json
from typing import Any

import pytest

from accounts import credits
from accounts.ids import uuid7
from generations import callbacks
from generations.models import Attempt, Delivery, Generation
from tests.api.cases import Scene
from tests.generations.test_webhooks import Provider, address, deliver, hear_all
from tests.studio import drive, step

NOT_A_PREDICTION = {
    "not-json": b"not json",
    "empty": b" ",
    "not-utf-8": b"\xff\xfe",
    "list": b"[]",
    "text": b'"text"',
    "null": b"null",
    "number": b"5",
    "nan": b'{"id": NaN, "status": "succeeded"}',
    "deep": b"[" * 50_000 + b"]" * 50_000,
    "deep-object": b'{"id":' * 20_000 + b"1" + b"}" * 20_000,
    "no-id": b'{"status": "succeeded"}',
    "id-is-a-number": b'{"id": 5, "status": "succeeded"}',
    "id-with-nul": b'{"id": "a\\u0000b", "status": "succeeded"}',
    "id-with-half-a-character": b'{"id": "\\ud800", "status": "succeeded"}',
    "id-of-a-megabyte": b'{"id": "' + b"x" * 1_000_000 + b'", "status": "succeeded"}',
}


def taken(attempt: Attempt, provider: Provider, body: bytes) -> str:
    """The outcome of the one delivery, which was answered with 200."""
    assert deliver(attempt, body, provider.headers(body)) == 200
    hear_all()
    return str(Delivery.objects.order_by("-pk")[0].outcome)


@pytest.mark.parametrize("body", NOT_A_PREDICTION.values(), ids=[f"case-74-{name}" for name in NOT_A_PREDICTION])
def test_what_is_no_prediction_is_kept_as_poison_and_changes_nothing(
    body: bytes, running: Generation, attempt: Attempt, provider: Provider
) -> None:
    assert taken(attempt, provider, body) == "poison"
    running.refresh_from_db()
    assert running.stage == "running"


def test_case_77_news_of_anothers_job_moves_that_job_alone(
    scene: Scene, running: Generation, attempt: Attempt, provider: Provider
) -> None:
    """Bob's signed news at the address of Alice: it is Bob's job it speaks of, and only that moves."""
    theirs = step(scene.ask(scene.make_person("bob"), "of bob"))
    body = provider.body(Attempt.objects.get(generation=theirs), status="failed", error="broke")
    assert taken(attempt, provider, body) == "applied"
    running.refresh_from_db()
    theirs.refresh_from_db()
    assert (running.stage, theirs.stage) == ("running", "failed")
    assert credits.balance_of(scene.alice.pk).held == running.cost_millicredits


def test_case_77_an_unknown_job_at_a_known_address_is_an_orphan(
    running: Generation, attempt: Attempt, provider: Provider
) -> None:
    assert taken(attempt, provider, provider.body(attempt, external_id="strangers0job")) == "orphan"
    running.refresh_from_db()
    assert running.stage == "running"


def test_case_77_an_attempt_nobody_made_is_kept_for_later(scene: Scene, provider: Provider) -> None:
    """Its key fits, so we gave the address out; the row may still be on its way from a restored backup."""
    nobodys = Attempt(pk=uuid7(), external_id="early0job")
    assert callbacks.is_key_of(nobodys.pk, address(nobodys).rpartition("/")[2])
    assert taken(nobodys, provider, provider.body(nobodys)) == ""
    assert Delivery.objects.get().tries == 1


@pytest.mark.parametrize("status", ["dancing", "SUCCEEDED", "Succeeded", "", " succeeded", None, 7, ["succeeded"], {}])
def test_case_78_a_status_nobody_knows_changes_nothing(
    status: Any, running: Generation, attempt: Attempt, provider: Provider
) -> None:
    taken(attempt, provider, provider.body(attempt, status=status, output=["https://replicate.delivery/x/out.webp"]))
    running.refresh_from_db()
    assert running.stage == "running"


def test_case_78_a_missing_status_changes_nothing_and_asking_decides(scene: Scene, provider: Provider) -> None:
    running = step(scene.ask(scene.alice, "a lighthouse"))
    attempt = Attempt.objects.get(generation=running)
    taken(attempt, provider, json.dumps({"id": attempt.external_id}).encode())
    running.refresh_from_db()
    assert running.stage == "running"
    assert drive(running).stage == "completed"


@pytest.mark.parametrize("output", [None, [], "", {}, [None], [""], 5, False], ids=repr)
def test_case_79_success_without_output_is_a_failure_that_costs_nothing(
    output: Any, scene: Scene, running: Generation, attempt: Attempt, provider: Provider
) -> None:
    assert taken(attempt, provider, provider.body(attempt, output=output)) == "applied"
    running.refresh_from_db()
    assert (running.stage, running.error_code) == ("failed", "no_output")
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=100_000)


def test_case_79_success_that_does_not_mention_its_output_is_not_believed_to_have_one(
    running: Generation, attempt: Attempt, provider: Provider
) -> None:
    body = json.dumps({"id": attempt.external_id, "status": "succeeded"}).encode()
    taken(attempt, provider, body)
    running.refresh_from_db()
    assert running.stage in {"running", "failed"}


@pytest.mark.parametrize(
    "error", [None, "", 5, {}, [], "<script>", "x" * 100_000, "a\u0000b", "\ud800"], ids=lambda e: repr(e)[:12]
)
def test_case_79_a_failure_without_a_reason_is_one_in_our_words(
    error: Any, scene: Scene, running: Generation, attempt: Attempt, provider: Provider
) -> None:
    assert taken(attempt, provider, provider.body(attempt, status="failed", error=error)) == "applied"
    shown = scene.client.get(f"/api/generations/{running.pk}").json()
    assert (shown["status"], shown["error_code"]) == ("failed", "provider_failed")
    assert (
        shown["error_message"]
        == "The provider failed. Something went wrong at the provider. Try again. Nothing was charged."
    )
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=100_000)


def test_case_77_a_stranger_cannot_be_made_to_pay(scene: Scene, provider: Provider) -> None:
    """Success told at the address of another person's running job, naming a job that has ended."""
    bob = scene.make_person("bob")
    ended, theirs = drive(scene.ask(scene.alice, "ended")), step(scene.ask(bob, "theirs"))
    done = Attempt.objects.get(generation=ended)
    assert taken(Attempt.objects.get(generation=theirs), provider, provider.body(done)) in {"late", "stale"}
    theirs.refresh_from_db()
    assert theirs.stage == "running"
    assert credits.balance_of(bob.pk) == credits.Balance(available=99_700, held=300)
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=99_700)
