"""Providers call back: before our own commit, doubled, lost, late, forged. One effect each, or none."""

import base64
import hashlib
import hmac
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts import credits
from accounts.ids import uuid7
from accounts.models import User
from generations import callbacks, tasks
from generations.models import Attempt, Delivery, Event, Generation, Output
from tests.generations.conftest import Ask, Sandbox, drive, step
from tests.threads import at_once


class Provider:
    """Speaks as the sandbox would: its secret, its body, any address."""

    def __init__(self, sandbox: Sandbox) -> None:
        request = urllib.request.Request(
            f"{sandbox.origin}/replicate/v1/webhooks/default/secret", headers={"Authorization": "Bearer sandbox"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            self.secret = base64.b64decode(json.load(answer)["key"].removeprefix("whsec_"))

    def body(self, attempt: Attempt, status: str = "succeeded", external_id: str = "", **fields: Any) -> bytes:
        prediction = {
            "id": external_id or attempt.external_id,
            "model": "black-forest-labs/flux-schnell",
            "status": status,
            "output": ["https://replicate.delivery/x/out-0.webp"] if status == "succeeded" else None,
            "error": None,
            **fields,
        }
        return json.dumps(prediction).encode()

    def headers(self, body: bytes, delivery_id: str = "", timestamp: float | None = None) -> dict[str, str]:
        delivery_id = delivery_id or f"msg_{uuid7().hex}"
        stamp = str(int(time.time() if timestamp is None else timestamp))
        mac = hmac.new(self.secret, f"{delivery_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(mac).decode()}"
        return {"webhook-id": delivery_id, "webhook-timestamp": stamp, "webhook-signature": signature}


def address(attempt: Attempt) -> str:
    return f"/api/webhook/replicate/{attempt.pk}/{callbacks.key_of(attempt.pk)}"


def deliver(attempt: Attempt, body: bytes, headers: dict[str, str], path: str = "") -> int:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path or address(attempt), body, content_type="application/json", headers=headers)
    return answer.status_code


def hear_all() -> None:
    for pk in Delivery.objects.filter(processed_at__isnull=True).values_list("pk", flat=True):
        tasks.hear_now(pk)


@pytest.fixture
def provider(sandbox: Sandbox) -> Provider:
    return Provider(sandbox)


@pytest.fixture
def running(alice: User, provider: Provider, ask: Ask) -> Generation:
    return step(ask(alice, "hears"))


def the_attempt(generation: Generation) -> Attempt:
    return Attempt.objects.get(generation=generation)


def test_a_signed_delivery_moves_the_generation(running: Generation, provider: Provider) -> None:
    attempt = the_attempt(running)
    body = provider.body(attempt)
    assert deliver(attempt, body, provider.headers(body)) == 200
    assert Delivery.objects.get().processed_at is None
    hear_all()
    running.refresh_from_db()
    assert running.stage == "saving"
    assert Delivery.objects.get().outcome == "applied"


def test_a_delivery_before_our_own_commit_teaches_us_the_id(alice: User, provider: Provider, ask: Ask) -> None:
    generation = step(ask(alice, "early bird [[accept-500]]"))
    attempt = the_attempt(generation)
    assert (generation.stage, attempt.external_id) == ("unconfirmed", None)
    body = provider.body(attempt, external_id="early123", status="processing")
    assert deliver(attempt, body, provider.headers(body)) == 200
    hear_all()
    generation.refresh_from_db()
    attempt.refresh_from_db()
    assert (generation.stage, attempt.external_id, attempt.state) == ("running", "early123", "accepted")


@pytest.mark.usefixtures("committed")
def test_a_delivery_doubled_many_times_at_once_counts_once(
    make_person: Callable[..., User], provider: Provider, ask: Ask
) -> None:
    generation = step(ask(make_person("alice"), "doubled"))
    attempt = the_attempt(generation)
    body = provider.body(attempt)
    headers = provider.headers(body)
    assert at_once(lambda _number: deliver(attempt, body, headers), 10) == [200] * 10
    assert Delivery.objects.count() == 1
    at_once(lambda _number: hear_all(), 4)
    assert Event.objects.filter(generation=generation, kind="saving").count() == 1
    assert Output.objects.filter(generation=generation).count() == 1


def test_a_lost_delivery_is_made_up_for_by_asking(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = drive(ask(alice, "silence [[drop]]"))
    assert generation.stage == "completed"
    assert Delivery.objects.count() == 0


def test_progress_after_the_end_changes_nothing(running: Generation, provider: Provider) -> None:
    attempt = the_attempt(running)
    for status in ("succeeded", "processing", "starting"):
        body = provider.body(attempt, status=status)
        assert deliver(attempt, body, provider.headers(body)) == 200
        hear_all()
    running.refresh_from_db()
    assert running.stage == "saving"


def test_a_success_after_the_end_is_attached_and_never_charged(
    alice: User, sandbox: Sandbox, ask: Ask, provider: Provider
) -> None:
    generation = step(ask(alice, "too late [[slow=60]]"))
    attempt = the_attempt(generation)
    failed = provider.body(attempt, status="failed", error="broke")
    deliver(attempt, failed, provider.headers(failed))
    hear_all()
    generation.refresh_from_db()
    assert (generation.stage, generation.error_code) == ("failed", "provider_failed")
    late = provider.body(attempt)
    deliver(attempt, late, provider.headers(late))
    hear_all()
    generation.refresh_from_db()
    assert generation.stage == "failed"
    assert Output.objects.get(generation=generation).is_late
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_a_forged_delivery_leaves_no_trace(running: Generation, provider: Provider) -> None:
    attempt = the_attempt(running)
    body = provider.body(attempt)
    good = provider.headers(body)
    forgeries = {
        "other body": (body.replace(b"succeeded", b"canceled "), good),
        "no headers": (body, {}),
        "empty signature": (body, good | {"webhook-signature": ""}),
        "other version": (body, good | {"webhook-signature": good["webhook-signature"].replace("v1,", "v2,")}),
        "bad base64": (body, good | {"webhook-signature": "v1,%%%"}),
        "other id": (body, good | {"webhook-id": "msg_other"}),
        "stale": (body, provider.headers(body, timestamp=time.time() - 301)),
        "from the future": (body, provider.headers(body, timestamp=time.time() + 600)),
        "not a time": (body, good | {"webhook-timestamp": "1e9"}),
    }
    assert {name: deliver(attempt, *forgery) for name, forgery in forgeries.items()} == dict.fromkeys(forgeries, 401)
    assert Delivery.objects.count() == 0
    running.refresh_from_db()
    assert running.stage == "running"


def test_the_second_of_several_signatures_may_be_the_right_one(running: Generation, provider: Provider) -> None:
    attempt = the_attempt(running)
    body = provider.body(attempt)
    headers = provider.headers(body)
    wrong = "v1," + base64.b64encode(b"x" * 32).decode()
    headers["webhook-signature"] = f"{wrong} {headers['webhook-signature']}"
    assert deliver(attempt, body, headers) == 200


def test_a_signed_delivery_to_anothers_address_changes_nothing(
    running: Generation, alice: User, provider: Provider, ask: Ask
) -> None:
    other = step(ask(alice, "bystander"))
    theirs = the_attempt(other)
    body = provider.body(theirs, external_id="stranger99")
    assert deliver(theirs, body, provider.headers(body)) == 200
    hear_all()
    assert Delivery.objects.get().outcome == "orphan"
    other.refresh_from_db()
    assert other.stage == "running"


def test_a_delivery_is_applied_to_its_job_whatever_address_it_came_to(
    running: Generation, alice: User, provider: Provider, ask: Ask
) -> None:
    other = step(ask(alice, "bystander"))
    body = provider.body(the_attempt(running))
    assert deliver(the_attempt(other), body, provider.headers(body)) == 200
    hear_all()
    running.refresh_from_db()
    other.refresh_from_db()
    assert (running.stage, other.stage) == ("saving", "running")


def test_a_wrong_key_unknown_provider_or_method_is_refused_without_a_row(
    running: Generation, provider: Provider
) -> None:
    attempt = the_attempt(running)
    body = provider.body(attempt)
    headers = provider.headers(body)
    wrong_key = f"/api/webhook/replicate/{attempt.pk}/{'x' * 22}"
    other_provider = address(attempt).replace("replicate", "nobody")
    assert deliver(attempt, body, headers, wrong_key) == 404
    assert deliver(attempt, body, headers, other_provider) == 404
    assert Client().get(address(attempt)).status_code == 405
    assert Client().post(address(attempt), body, content_type="text/plain", headers=headers).status_code == 415
    assert deliver(attempt, b"x" * (1_048_576 + 1), headers) == 413
    assert Delivery.objects.count() == 0


def test_a_body_that_is_no_prediction_is_poison_and_the_poller_goes_on(running: Generation, provider: Provider) -> None:
    attempt = the_attempt(running)
    for body in (b"not json", b"[]", b'{"id": 5}', b'"text"'):
        assert deliver(attempt, body, provider.headers(body)) == 200
    hear_all()
    assert set(Delivery.objects.values_list("outcome", flat=True)) == {"poison"}
    assert drive(running).stage == "completed"


def test_an_unknown_status_waits_and_the_poller_decides(running: Generation, provider: Provider) -> None:
    attempt = the_attempt(running)
    for status in ("dancing", "SUCCEEDED", ""):
        body = provider.body(attempt, status=status)
        assert deliver(attempt, body, provider.headers(body)) == 200
    hear_all()
    running.refresh_from_db()
    assert running.stage == "running"
    assert drive(running).stage == "completed"
