"""Higgsfield's deliveries as the sandbox sends them: signed or not, tried again or not, and forged when told."""

import json
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.sandbox.higgsfield import Higgsfield
from tests.sandbox.running import Received, Receiver, RunningSandbox, eventually

SIGNED = {"webhook-id", "webhook-timestamp", "webhook-signature"}


@pytest.fixture
def higgsfield(sandbox: RunningSandbox) -> Higgsfield:
    return Higgsfield(sandbox)


def delivered(higgsfield: Higgsfield, receiver: Receiver, prompt: str, **more: Any) -> Received:
    """The first delivery about a new request."""
    higgsfield.accepted(prompt, hook=receiver.url, **more)
    return eventually(lambda: receiver.received)[0]


def names(received: Received) -> set[str]:
    return {name.lower() for name in received.headers}


def is_right(secret: str, received: Received) -> bool:
    try:
        Webhook(secret).verify(received.body, {name.lower(): value for name, value in received.headers.items()})
    except WebhookVerificationError:
        return False
    return True


def test_until_the_secret_was_revealed_nothing_is_signed(higgsfield: Higgsfield, receiver: Receiver) -> None:
    received = delivered(higgsfield, receiver, "plain")
    said = json.loads(received.body)
    assert not SIGNED & names(received)
    assert said == higgsfield.status(said["request_id"])
    assert said["status"] == "completed"


@pytest.mark.parametrize(("mode", "count"), [("signed", 1), ("dual", 2)])
def test_from_then_on_it_is_and_twice_while_the_secret_changes(
    mode: str, count: int, higgsfield: Higgsfield, receiver: Receiver
) -> None:
    told = higgsfield.sandbox.control("signing", mode=mode)
    received = delivered(higgsfield, receiver, "signed")
    assert names(received) >= SIGNED
    assert len(received.headers["webhook-signature"].split()) == count
    assert is_right(told["secret"], received)
    assert is_right(told["former"], received) is (mode == "dual")


def test_a_job_may_be_told_how_to_be_signed(higgsfield: Higgsfield, receiver: Receiver) -> None:
    secret = higgsfield.sandbox.control("signing", mode="unsigned")["secret"]
    assert is_right(secret, delivered(higgsfield, receiver, "this one [[sign=signed]]"))


@pytest.mark.parametrize(("prompt", "status"), [("[[refuse]]", "nsfw"), ("[[fail=x]]", "failed")])
def test_bad_ends_are_told_too(prompt: str, status: str, higgsfield: Higgsfield, receiver: Receiver) -> None:
    assert json.loads(delivered(higgsfield, receiver, prompt).body)["status"] == status


def test_a_cancelled_request_is_not_told(higgsfield: Higgsfield, receiver: Receiver) -> None:
    request_id = higgsfield.accepted("gone [[aborted]]", hook=receiver.url)["request_id"]
    assert higgsfield.ended(request_id)["status"] == "canceled"
    delivered(higgsfield, receiver, "and after it")
    assert {json.loads(one.body)["status"] for one in receiver.received} == {"completed"}


@pytest.mark.parametrize("answer", [400, 401, 404, 422, 429])
def test_a_4xx_is_final(answer: int, higgsfield: Higgsfield, receiver: Receiver) -> None:
    receiver.answers = [answer]
    delivered(higgsfield, receiver, "refused")
    eventually(lambda: higgsfield.sandbox.journal("refused")[0]["webhooks_sent"])
    higgsfield.sandbox.control("clock", advance_seconds=7200)
    receiver.received.clear()
    delivered(higgsfield, receiver, "another")
    assert higgsfield.sandbox.journal("refused")[0]["webhooks_sent"] == 1


@pytest.mark.parametrize("answer", [500, 503])
def test_a_5xx_is_tried_again_with_the_same_id(answer: int, higgsfield: Higgsfield, receiver: Receiver) -> None:
    receiver.answers = [answer, answer]
    higgsfield.accepted("busy [[sign=signed]]", hook=receiver.url)
    eventually(lambda: receiver.received)
    eventually(lambda: higgsfield.sandbox.journal("busy")[0]["webhooks_sent"])
    higgsfield.sandbox.control("clock", advance_seconds=10)
    eventually(lambda: len(receiver.received) == 3)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len({one.body for one in receiver.received}) == 1


def test_the_old_api_sends_its_word_along(higgsfield: Higgsfield, receiver: Receiver) -> None:
    fresh = higgsfield.submit_old("old", webhook={"url": receiver.url, "secret": "my word"}).json()
    received = eventually(lambda: receiver.received)[0]
    headers = {name.lower(): value for name, value in received.headers.items()}
    assert headers["x-webhook-secret-key"] == "my word"
    assert json.loads(received.body)["id"] == fresh["id"]


@pytest.mark.parametrize(("directive", "count"), [("duplicate=3", 3), ("late=0.1", 1)])
def test_it_misbehaves_when_told(directive: str, count: int, higgsfield: Higgsfield, receiver: Receiver) -> None:
    delivered(higgsfield, receiver, f"odd [[{directive}]]")
    eventually(lambda: len(receiver.received) == count)


def test_control_sends_it_again_and_forged(higgsfield: Higgsfield, receiver: Receiver) -> None:
    secret = higgsfield.sandbox.control("signing", mode="signed")["secret"]
    received = delivered(higgsfield, receiver, "real")
    request_id = json.loads(received.body)["request_id"]
    for forge, is_good in (("", True), ("two", True), ("body", False), ("signature", False), ("unsigned", False)):
        receiver.received.clear()
        higgsfield.sandbox.control("deliver", id=request_id, forge=forge, times=2)
        assert [is_right(secret, one) for one in receiver.received] == [is_good] * 2, forge


def test_a_claim_says_completed_while_the_request_is_not(higgsfield: Higgsfield, receiver: Receiver) -> None:
    request_id = higgsfield.accepted("slow [[slow=600]]", hook=receiver.url)["request_id"]
    higgsfield.sandbox.control("deliver", id=request_id, forge="claim")
    said = json.loads(receiver.received[0].body)
    assert (said["request_id"], said["status"], len(said["images"])) == (request_id, "completed", 1)
    assert higgsfield.status(request_id)["status"] in ("queued", "in_progress")
