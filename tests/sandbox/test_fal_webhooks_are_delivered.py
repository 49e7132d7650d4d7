"""fal's webhooks: one at the end, signed by a key that is published and changes every day, repeated until taken."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.sandbox.fal import Fal
from tests.sandbox.running import Received, Receiver, RunningSandbox, eventually


@pytest.fixture
def fal(sandbox: RunningSandbox) -> Iterator[Fal]:
    there = Fal(sandbox)
    yield there
    there.http.close()


def keys(fal: Fal) -> list[bytes]:
    listed = requests.get(f"{fal.rest}/.well-known/jwks.json", timeout=5).json()["keys"]
    return [base64.urlsafe_b64decode(key["x"] + "=") for key in listed]


def is_signed(received: Received, published: list[bytes]) -> bool:
    """As fal's documentation has it checked."""
    headers = {name.lower(): value for name, value in received.headers.items()}
    parts = [headers.get(f"x-fal-webhook-{name}", "") for name in ("request-id", "user-id", "timestamp")]
    message = "\n".join([*parts, hashlib.sha256(received.body.encode()).hexdigest()]).encode()
    for key in published:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(
                bytes.fromhex(headers.get("x-fal-webhook-signature", "")), message
            )
        except InvalidSignature:
            continue
        return True
    return False


def arrived(receiver: Receiver, count: int = 1) -> list[dict[str, Any]]:
    eventually(lambda: len(receiver.received) >= count)
    return [json.loads(one.body) for one in receiver.received]


def test_the_end_is_told_once_and_signed(fal: Fal, receiver: Receiver) -> None:
    shown = fal.accepted("a lake", webhook=receiver.url + "?a=b")
    [told] = arrived(receiver)
    assert (told["request_id"], told["gateway_request_id"]) == (shown["request_id"], shown["request_id"])
    assert (told["status"], told["error"]) == ("OK", None)
    assert told["payload"] == fal.result(shown).json()
    [received] = receiver.received
    assert received.body == json.dumps(told, sort_keys=True)
    published = keys(fal)
    assert len(published) == 2
    assert is_signed(received, published)
    assert not is_signed(Received(received.headers, received.body + " "), published)


def test_a_new_key_comes_every_day_and_yesterdays_stays(fal: Fal, receiver: Receiver) -> None:
    first, second = keys(fal)
    fal.sandbox.control("clock", advance_seconds=86_400)
    third, still = keys(fal)
    assert still == first
    assert third not in {first, second}
    fal.accepted("x", webhook=receiver.url)
    arrived(receiver)
    assert is_signed(receiver.received[0], [third])


def test_an_error_is_told_with_its_list(fal: Fal, receiver: Receiver) -> None:
    fal.accepted("x [[refuse]]", webhook=receiver.url)
    [told] = arrived(receiver)
    assert (told["status"], told["error"]) == ("ERROR", "Invalid status code: 422")
    assert told["payload"]["detail"][0]["type"] == "content_policy_violation"


def test_a_payload_may_not_be_told(fal: Fal, receiver: Receiver) -> None:
    shown = fal.accepted("x [[payload-error]]", webhook=receiver.url)
    [told] = arrived(receiver)
    assert (told["status"], told["payload"]) == ("OK", None)
    assert told["payload_error"]
    assert fal.result(shown).json()["images"]


def test_duplicates_come_from_another_gateway(fal: Fal, receiver: Receiver) -> None:
    fal.accepted("x [[duplicate=3]]", webhook=receiver.url)
    told = arrived(receiver, 3)
    assert len({one["request_id"] for one in told}) == 1
    assert len({one["gateway_request_id"] for one in told}) == 3


def test_what_is_refused_comes_again_ten_times_within_two_hours(fal: Fal, receiver: Receiver) -> None:
    receiver.answers = [500, 404, 302] + [503] * 20
    fal.accepted("x", webhook=receiver.url)
    for count in range(1, 11):
        arrived(receiver, count)
        fal.sandbox.control("clock", advance_seconds=7_200)
    [job] = eventually(lambda: [job for job in fal.sandbox.journal("x") if job["webhooks_sent"] == 10])
    assert [webhook["attempt"] for webhook in job["webhooks"]] == list(range(1, 11))


def test_some_are_forged_when_told(fal: Fal, receiver: Receiver) -> None:
    shown = fal.accepted("x [[corrupt]]", webhook=receiver.url)
    arrived(receiver)
    assert not is_signed(receiver.received[0], keys(fal))
    for forgery in ("signature", "secret", "body", "unsigned"):
        fal.sandbox.control("deliver", id=shown["request_id"], forge=forgery)
        assert not is_signed(receiver.received[-1], keys(fal)), forgery
    fal.sandbox.control("deliver", id=shown["request_id"], times=2)
    assert all(is_signed(received, keys(fal)) for received in receiver.received[-2:])


def test_a_dropped_one_never_comes_and_an_early_one_comes_first(fal: Fal, receiver: Receiver) -> None:
    fal.result(fal.accepted("x [[drop]]", webhook=receiver.url))
    assert receiver.received == []
    fal.accepted("y [[early]]", webhook=receiver.url)
    assert len(receiver.received) == 1


def test_keys_can_be_refused(fal: Fal) -> None:
    fal.sandbox.control("faults", fault="secret", value="503")
    assert requests.get(f"{fal.rest}/.well-known/jwks.json", timeout=5).status_code == 503
    assert keys(fal)


def test_an_address_on_the_internet_must_be_https(fal: Fal) -> None:
    assert fal.submit("x", webhook="http://example.com/hook").status_code == 400


def test_a_restart_goes_on_with_the_line(own_sandbox: RunningSandbox, receiver: Receiver) -> None:
    fal = Fal(own_sandbox)
    shown = [fal.accepted(f"{number} [[slow=2]]", webhook=receiver.url) for number in range(3)]
    own_sandbox.end(9)
    own_sandbox.start()
    for one in shown:
        assert fal.result(one).status_code == 200
    arrived(receiver, 3)
    fal.http.close()
