"""Deliveries that prove nothing: no signature, a wrong one, a wrong time, a wrong address. Cases 70 to 76 and 81 to 83.

Each is refused without a body and leaves no row. What a proven delivery may say is in test_bad_news.py; fal's are in
test_bad_webhooks_of_fal.py.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from django.test import Client

from accounts.ids import uuid7
from config.local.waiting import until
from generations import callbacks, tasks
from generations.models import Attempt, Delivery, Output
from providers import registry, tokens
from providers.contract import JobRequest
from tests.api.cases import everything
from tests.generations.test_webhooks import Provider, address, deliver

Headers = Mapping[str, str]
LIMIT_BYTES = 1_048_576


def sign(provider: Provider, body: bytes, identifier: str = "msg_1", stamp: str = "") -> dict[str, str]:
    """Right over whatever id and time are given."""
    stamp = stamp or str(int(time.time()))
    mac = hmac.new(provider.secret, f"{identifier}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": identifier, "webhook-timestamp": stamp, "webhook-signature": signature}


class Forgery(NamedTuple):
    number: int
    name: str
    change: Callable[[Provider, bytes], tuple[bytes, Headers]]

    def __str__(self) -> str:
        return f"case-{self.number}-{self.name}"


def without(number: int, name: str, *missing: str) -> Forgery:
    def change(provider: Provider, body: bytes) -> tuple[bytes, Headers]:
        return body, {key: value for key, value in sign(provider, body).items() if key not in missing}

    return Forgery(number, name, change)


def with_signature(name: str, make: Callable[[str], str]) -> Forgery:
    def change(provider: Provider, body: bytes) -> tuple[bytes, Headers]:
        headers = sign(provider, body)
        return body, {**headers, "webhook-signature": make(headers["webhook-signature"])}

    return Forgery(71, f"signature-{name}", change)


def with_stamp(name: str, make: Callable[[], str]) -> Forgery:
    return Forgery(72, f"time-{name}", lambda provider, body: (body, sign(provider, body, stamp=make())))


def with_id(name: str, identifier: str) -> Forgery:
    return Forgery(73, f"id-{name}", lambda provider, body: (body, sign(provider, body, identifier)))


def with_body(name: str, make: Callable[[bytes], bytes]) -> Forgery:
    return Forgery(75, f"body-{name}", lambda provider, body: (make(body), sign(provider, body)))


WRONG = "v1," + base64.b64encode(b"x" * 32).decode()
FORGERIES = [
    without(70, "no-headers", "webhook-id", "webhook-timestamp", "webhook-signature"),
    without(70, "no-id", "webhook-id"),
    without(70, "no-time", "webhook-timestamp"),
    without(70, "no-signature", "webhook-signature"),
    with_signature("empty", lambda _right: ""),
    with_signature("of-another-version", lambda right: right.replace("v1,", "v2,")),
    with_signature("asymmetric", lambda right: right.replace("v1,", "v1a,")),
    with_signature("without-version", lambda right: right.removeprefix("v1,")),
    with_signature("not-base64", lambda _right: "v1,%%%"),
    with_signature("cut", lambda right: right[:-5]),
    with_signature("with-one-bit-flipped", lambda right: right[:3] + chr(ord(right[3]) ^ 1) + right[4:]),
    with_signature("in-hex", lambda right: "v1," + base64.b64decode(right[3:]).hex()),
    with_signature("of-zeros", lambda _right: "v1," + base64.b64encode(bytes(32)).decode()),
    with_signature("of-a-thousand", lambda right: " ".join([WRONG] * 999 + [right])),
    with_signature("eleventh", lambda right: " ".join([WRONG] * 10 + [right])),
    with_signature("with-a-line-end", lambda right: right + "\r\n"),
    *(with_stamp(name, lambda value=value: value) for name, value in {  # type: ignore[misc]
        "zero": "0", "negative": "-1", "exponent": "1e9", "2100": "4102444800", "2038": "2147483648",
        "endless": "9" * 400, "a-word": "now", "infinite": "inf", "blank": " ",
    }.items()),
    with_stamp("fraction", lambda: f"{time.time():.3f}"),
    with_stamp("with-a-sign", lambda: f"+{time.time():.0f}"),
    with_stamp("in-milliseconds", lambda: f"{time.time() * 1000:.0f}"),
    with_stamp("ten-minutes-ahead", lambda: f"{time.time() + 600:.0f}"),
    with_stamp("ten-minutes-old", lambda: f"{time.time() - 600:.0f}"),
    with_id("with-a-dot", "msg.1"),
    with_id("of-10-kb", "m" * 10_000),
    with_id("with-a-line-end", "msg_1\r\nX-Evil: 1"),
    with_id("with-a-space", "msg 1"),
    with_id("not-ascii", "msg_\u00e9"),
    with_id("twice", "msg_1,msg_2"),
    with_body("re-serialised", lambda body: json.dumps(json.loads(body), indent=1).encode()),
    with_body("with-a-space-more", lambda body: body + b" "),
    with_body("with-another-status", lambda body: body.replace(b"succeeded", b"canceled ")),
    with_body("empty", lambda _body: b"{}"),
]  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
def test_a_forged_delivery_is_refused_without_a_word_and_leaves_nothing(
    forgery: Forgery, attempt: Attempt, provider: Provider
) -> None:
    body, headers = forgery.change(provider, provider.body(attempt))
    before = everything()
    answer = Client(enforce_csrf_checks=True).post(
        address(attempt), body, content_type="application/json", headers=dict(headers)
    )
    assert (answer.status_code, answer.content) == (401, b"")
    assert everything() == before


def test_case_71_the_tenth_signature_still_counts(attempt: Attempt, provider: Provider) -> None:
    body = provider.body(attempt)
    headers = sign(provider, body)
    headers["webhook-signature"] = " ".join([WRONG] * 9 + [headers["webhook-signature"]])
    assert deliver(attempt, body, headers) == 200


def test_case_74_a_byte_more_than_a_mebibyte_is_refused_unread(attempt: Attempt, provider: Provider) -> None:
    body = b"x" * (LIMIT_BYTES + 1)
    before = everything()
    assert deliver(attempt, body, sign(provider, body)) == 413
    assert everything() == before
    assert deliver(attempt, body[1:], sign(provider, body[1:])) == 200


def test_case_76_a_replay_counts_once_and_is_refused_when_it_is_old(attempt: Attempt, provider: Provider) -> None:
    """Sent 299 s ago as far as its signature says: for a second it may come again, then never."""
    body = provider.body(attempt)
    headers = sign(provider, body, stamp=str(int(time.time()) - 299))
    assert [deliver(attempt, body, headers) for _ in range(3)] == [200] * 3
    assert Delivery.objects.count() == 1
    assert until(lambda: deliver(attempt, body, headers) == 401, 5)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("provider_name", ["nobody", "Replicate"])
def test_case_81_a_provider_that_is_not_connected_has_no_address(
    provider_name: str, attempt: Attempt, provider: Provider
) -> None:
    body = provider.body(attempt)
    before = everything()
    path = address(attempt).replace("/replicate/", f"/{provider_name}/")
    answer = Client().post(path, body, content_type="application/json", headers=sign(provider, body))
    assert (answer.status_code, answer.content) == (404, b"")
    assert everything() == before


COMPLETED = {"status": "completed", "images": [{"url": "https://evil.example/x.png"}]}


def unsigned(attempt: Attempt, claim: object) -> int:
    path = address(attempt).replace("/replicate/", "/higgsfield/")
    body = claim if isinstance(claim, bytes) else json.dumps(claim).encode()
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json").status_code


def move_to_higgsfield(attempt: Attempt) -> None:
    """The same attempt, as if it had been sent there: to a job that takes for ever."""
    endpoint, credential = "higgsfield-ai/soul/standard", tokens.pick("higgsfield")
    assert credential is not None
    request = JobRequest(
        endpoint=endpoint,
        inputs={"prompt": "hears [[slow=99999]]"},
        callback_url=None,
        deadline_seconds=600,
        idempotency_key=str(attempt.pk),
    )
    update = registry.connect("higgsfield", credential).submit(request)
    attempt.provider, attempt.endpoint, attempt.external_id = "higgsfield", endpoint, update.external_id
    attempt.save(update_fields=["provider", "endpoint", "external_id"])


def test_case_81_what_an_unsigned_claim_says_is_asked_for_and_not_believed(attempt: Attempt) -> None:
    """Higgsfield signs nothing until its secret was revealed. The claim is a lie: the job still runs."""
    move_to_higgsfield(attempt)
    claim = COMPLETED | {"request_id": attempt.external_id}
    assert [unsigned(attempt, claim) for _ in range(3)] == [200] * 3
    delivery = Delivery.objects.get()
    assert not delivery.is_proof
    tasks.hear_now(delivery.pk)
    delivery.refresh_from_db()
    attempt.generation.refresh_from_db()
    assert delivery.processed_at is not None
    assert (attempt.generation.stage, Output.objects.count()) == ("running", 0)


def test_case_81_an_unsigned_claim_moves_nothing_of_another_provider(attempt: Attempt) -> None:
    assert unsigned(attempt, COMPLETED | {"request_id": attempt.external_id}) == 200
    tasks.hear_now(Delivery.objects.get().pk)
    attempt.generation.refresh_from_db()
    assert (attempt.generation.stage, Output.objects.count()) == ("running", 0)


@pytest.mark.parametrize("claim", [b"{}", b"[]", b"null", b"\xff", COMPLETED, COMPLETED | {"request_id": "../x"}])
def test_case_81_an_unsigned_claim_about_no_job_is_refused(claim: object, attempt: Attempt) -> None:
    before = everything()
    assert unsigned(attempt, claim) == 401
    assert everything() == before


def test_case_81_once_there_is_a_secret_an_unsigned_claim_is_refused(attempt: Attempt, settings: Any) -> None:
    own = {"token": "id:secret", "webhook_secret": f"whsec_{base64.b64encode(b'x' * 24).decode()}"}
    settings.PROVIDERS = settings.PROVIDERS | {"higgsfield": settings.PROVIDERS["higgsfield"] | own}
    before = everything()
    assert unsigned(attempt, COMPLETED | {"request_id": attempt.external_id}) == 401
    assert everything() == before


def test_case_82_a_wrong_key_in_the_address_is_not_found_without_a_word(
    attempt: Attempt, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    body = provider.body(attempt)
    headers = sign(provider, body)
    right = callbacks.key_of(attempt.pk)
    before = everything()
    for key in ("x" * 22, right[:-1], right + "A", right.swapcase(), callbacks.key_of(uuid7()), "%00", "%C3%A9" * 22):
        path = f"/api/webhook/replicate/{attempt.pk}/{key}"
        answer = Client().post(path, body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.content) == (404, b""), key
    assert everything() == before
    assert caplog.text.count("webhook_address_refused") == 7
    assert right not in caplog.text.replace(f"{right}A", "")


def test_case_82_an_address_of_another_shape_is_not_found(attempt: Attempt, provider: Provider) -> None:
    body = provider.body(attempt)
    upper = address(attempt).replace(str(attempt.pk), str(attempt.pk).upper())
    for path in (upper, address(attempt) + "/", address(attempt).rpartition("/")[0], "/api/webhook/replicate"):
        answer = Client(enforce_csrf_checks=True).post(
            path, body, content_type="application/json", headers=sign(provider, body)
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_case_83_only_post_delivers(method: str, attempt: Attempt, provider: Provider) -> None:
    body = provider.body(attempt)
    answer = Client(enforce_csrf_checks=True).generic(
        method, address(attempt), body, content_type="application/json", headers=sign(provider, body)
    )
    assert (answer.status_code, answer.content, answer.headers["Allow"]) == (405, b"", "POST")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("length", ["", "-1", "+5", "abc", "1_0", "\u0661\u0662", "9" * 5000, " 5"])
def test_case_27_a_length_that_is_none_is_asked_for(length: str, attempt: Attempt, provider: Provider) -> None:
    body = provider.body(attempt)
    answer = Client().generic(
        "POST", address(attempt), body, "application/json", headers=sign(provider, body), CONTENT_LENGTH=length
    )
    assert (answer.status_code, answer.content) == (411, b"")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_case_26_a_delivery_of_another_type_is_refused(content_type: str, attempt: Attempt, provider: Provider) -> None:
    body = provider.body(attempt)
    answer = Client().generic("POST", address(attempt), body, content_type, headers=sign(provider, body))
    assert (answer.status_code, answer.content) == (415, b"")
    assert not Delivery.objects.exists()
