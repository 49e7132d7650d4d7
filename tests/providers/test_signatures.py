"""Standard Webhooks: the published vector, and everything that must not pass."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadSignature
from providers.signatures import MAX_SIGNATURES, is_signed, key_of, read_headers
from tests.providers.signing import NOW, OTHER_SECRET, SECRET, signature, signed

# standard-webhooks/standard-webhooks, libraries/*/tests; the same in svix and replicate-python tests/test_webhooks.py.
PUBLISHED_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PUBLISHED_HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
PUBLISHED_BODY = b'{"test": 2432232314}'
BODY = b'{"id": "abc", "status": "succeeded"}'
GOOD = signature(BODY)


def passes(headers: dict[str, str], body: bytes = BODY, *secrets: str, now: float = NOW) -> bool:
    return is_signed(read_headers(headers, now, 300), body, secrets or (SECRET,))


def test_the_published_vector_passes() -> None:
    assert passes(PUBLISHED_HEADERS, PUBLISHED_BODY, PUBLISHED_SECRET, now=1_614_265_330)


def test_header_names_may_be_written_in_any_case() -> None:
    headers = {name.title(): value for name, value in PUBLISHED_HEADERS.items()}
    assert passes(headers, PUBLISHED_BODY, PUBLISHED_SECRET, now=1_614_265_330)


@given(body=st.text().map(str.encode), identifier=st.from_regex(r"[A-Za-z0-9_-]{1,256}", fullmatch=True))
def test_whatever_the_package_signs_passes(body: bytes, identifier: str) -> None:
    assert passes(signed(body, identifier=identifier), body)


@given(st.binary())
def test_a_body_that_is_not_text_is_verified_byte_by_byte(body: bytes) -> None:
    mac = hmac.new(key_of(SECRET), f"msg_1.{NOW}.".encode() + body, hashlib.sha256).digest()
    headers = signed(b"", webhook_signature=f"v1,{base64.b64encode(mac).decode()}")
    assert passes(headers, body)
    assert not passes(headers, body + b" ")


@given(position=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_any_flipped_bit_of_the_body_fails(position: int, bit: int) -> None:
    changed = bytearray(BODY)
    changed[position] ^= 1 << bit
    assert not passes(signed(BODY), bytes(changed))


def test_a_body_written_anew_fails() -> None:
    assert not passes(signed(BODY), json.dumps(json.loads(BODY), separators=(",", ":")).encode())


def test_another_id_or_time_or_secret_fails() -> None:
    assert not passes(signed(BODY, webhook_id="msg_2"))
    assert not passes(signed(BODY, webhook_timestamp=str(NOW + 1)))
    assert not passes(signed(BODY), BODY, OTHER_SECRET)
    assert not passes(signed(BODY), BODY, PUBLISHED_SECRET)


def test_any_of_the_secrets_will_do_while_one_replaces_the_other() -> None:
    assert passes(signed(BODY), BODY, OTHER_SECRET, SECRET)
    assert passes(signed(BODY, secret=OTHER_SECRET), BODY, OTHER_SECRET, SECRET)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_replay_within_five_minutes_passes(seconds: int) -> None:
    assert passes(signed(BODY), now=NOW + seconds)


@pytest.mark.parametrize("seconds", [-600, -301, -300.5, 300.5, 301, 600])
def test_a_delivery_more_than_five_minutes_away_fails(seconds: float) -> None:
    with pytest.raises(BadSignature, match="300 s"):
        read_headers(signed(BODY), NOW + seconds, 300)


def test_the_tolerance_is_the_callers() -> None:
    with pytest.raises(BadSignature):
        read_headers(signed(BODY), NOW + 11, 10)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_or_empty_header_fails(missing: str) -> None:
    headers = signed(BODY)
    with pytest.raises(BadSignature):
        read_headers(headers | {missing: ""}, NOW, 300)
    del headers[missing]
    with pytest.raises(BadSignature):
        read_headers(headers, NOW, 300)


@pytest.mark.parametrize(
    "timestamp",
    [
        "0",
        "-1",
        "+1790000000",
        "1e9",
        "1790000000.0",
        "1790000000.5",
        " 1790000000",
        "1790000000\n",
        "٧٧٧",
        "0x6aaf",
        "2147483648",
        "4102444800",
        "9" * 13,
        "9" * 5_000,
        "now",
        "1_790_000_000",
        "1790000000,1790000000",
        "nan",
        "inf",
    ],
)
def test_a_time_that_is_no_plain_number_near_now_fails(timestamp: str) -> None:
    with pytest.raises(BadSignature):
        read_headers(signed(BODY, webhook_timestamp=timestamp), NOW, 300)


@pytest.mark.parametrize(
    "identifier",
    [
        "msg.1",
        "a.1790000000",
        ".",
        "a" * 257,
        "a" * 10_240,
        "msg\r\n1",
        "msg\n",
        "a b",
        "a\x00b",
        "сообщение",
        "a\x7f",
        "msg_1, msg_2",
        "msg_1,msg_2",
    ],
)
def test_an_id_that_could_be_taken_for_another_fails(identifier: str) -> None:
    with pytest.raises(BadSignature):
        read_headers(signed(BODY, webhook_id=identifier), NOW, 300)


@pytest.mark.parametrize(
    "text",
    [
        "v1,",
        "v1",
        ",",
        " ",
        "v1,not base64!",
        "v1,AAAA",
        GOOD[:-1],
        GOOD + "=",
        GOOD.replace("v1", "v2"),
        GOOD.replace("v1", "V1"),
        GOOD[3:],
        GOOD.replace(",", ", "),
        GOOD + "\n",
        "v1a" + GOOD[2:],
        "v1," + "A" * 9_000,
    ],
)
def test_a_signature_that_is_not_exactly_one_fails(text: str) -> None:
    with pytest.raises(BadSignature):
        read_headers(signed(BODY, webhook_signature=text), NOW, 300)


def test_one_good_signature_among_others_passes() -> None:
    wrong = signature(b"something else")
    assert passes(signed(BODY, webhook_signature=f"v2,abc {wrong} {GOOD}"))
    assert passes(signed(BODY, webhook_signature=f"{GOOD} {wrong} v1a,xyz"))
    assert not passes(signed(BODY, webhook_signature=f"{wrong} {wrong}"))


def test_no_more_than_ten_signatures_are_looked_at() -> None:
    wrong = signature(b"something else")
    assert passes(signed(BODY, webhook_signature=" ".join([wrong] * (MAX_SIGNATURES - 1) + [GOOD])))
    for many in (MAX_SIGNATURES, 1_000):
        with pytest.raises(BadSignature, match="more than 10"):
            read_headers(signed(BODY, webhook_signature=" ".join([wrong] * many + [GOOD])), NOW, 300)


@pytest.mark.parametrize("secret", [SECRET, PUBLISHED_SECRET, "whsec_" + "A" * 23])
def test_a_secret_is_base64_after_its_prefix(secret: str) -> None:
    assert len(key_of(secret)) >= 16


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA", "whsec_a b!", "whsec_ключ"]
)
def test_a_malformed_secret_is_a_sentence_that_does_not_repeat_it(secret: str) -> None:
    with pytest.raises(ValueError) as caught:
        key_of(secret)
    assert not secret.removeprefix("whsec_") or secret not in str(caught.value)
