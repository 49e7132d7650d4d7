"""fal's deliveries: which keys judge them, where they come from, and what happens when they cannot be had."""

import base64
import hashlib
import json
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from providers.adapters.fal import Fal
from providers.adapters.fal_keys import FRESH_SECONDS, KEPT_SECONDS, PAUSE_SECONDS, PublishedKeys, usable
from providers.contract import Verified
from providers.errors import BadSignature, SecretUnavailable
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import raw
from tests.providers.server import Server, answers, hangs_up, stays_silent

VECTOR = raw("fal", "signed")
BODY = VECTOR["body"].encode()
NOW = int(VECTOR["headers"]["X-Fal-Webhook-Timestamp"])
RID = VECTOR["headers"]["X-Fal-Webhook-Request-Id"]
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTOR["private_seed_hex"]))
OTHER = Ed25519PrivateKey.from_private_bytes(b"another key of thirty-two bytes!")
_numbers = count()


def published(*keys: Ed25519PrivateKey, **more: Any) -> dict[str, Any]:
    listed = [base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode() for key in keys]
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, **more} for x in listed]}


def signed(body: bytes = BODY, *, key: Ed25519PrivateKey = KEY, timestamp: int = NOW, **changes: str) -> dict[str, str]:
    digest = hashlib.sha256(body).hexdigest()
    message = f"{RID}\nuser-0001\n{timestamp}\n{digest}".encode()
    return {
        "X-Fal-Webhook-Request-Id": RID,
        "X-Fal-Webhook-User-Id": "user-0001",
        "X-Fal-Webhook-Timestamp": str(timestamp),
        "X-Fal-Webhook-Signature": key.sign(message).hex(),
    } | {f"X-Fal-Webhook-{name.replace('_', '-').title()}": value for name, value in changes.items()}


@pytest.fixture
def reach(line_to: MakeLine):
    """An adapter whose keys are published by this server, at an address nobody has asked yet."""

    def make(server: Server, **changes: Any) -> Fal:
        options = {"jwks_url": f"{server.origin}/keys/{next(_numbers)}.json"}
        return Fal(line_to("https://queue.example.org", options=options, **changes))

    return make


def test_the_vector_verifies_and_is_what_we_sign(reach, serve: MakeServer) -> None:
    adapter = reach(serve(answers(200, VECTOR["jwks"])))
    assert signed() == VECTOR["headers"]
    assert adapter.verify_webhook(VECTOR["headers"], BODY, NOW) == Verified(key=f"{RID}:OK")


def test_the_key_set_is_asked_for_once_and_without_a_token(reach, serve: MakeServer) -> None:
    server = serve(answers(200, published(OTHER, KEY)))
    adapter = reach(server)
    for _ in range(5):
        assert adapter.verify_webhook(signed(), BODY, NOW)
    [call] = server.calls
    assert call.method == "GET"
    assert "authorization" not in call.headers


ALTERED: dict[str, tuple[dict[str, str], bytes, float]] = {
    "a space more": (signed(), BODY + b" ", NOW),
    "another body": (signed(), BODY.replace(b"dog", b"cat"), NOW),
    "written anew": (signed(), json.dumps(json.loads(BODY), indent=1).encode(), NOW),
    "another request": (signed(request_id="another"), BODY, NOW),
    "another user": (signed(user_id="user-0002"), BODY, NOW),
    "another time": (signed() | {"X-Fal-Webhook-Timestamp": str(NOW + 1)}, BODY, NOW),
    "a bit flipped": (signed(signature=f"{int(signed()['X-Fal-Webhook-Signature'], 16) ^ 1:0128x}"), BODY, NOW),
    "all zeros": (signed(signature="0" * 128), BODY, NOW),
    "another's key": (signed(key=OTHER), BODY, NOW),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "body", "now"), ALTERED.values(), ids=ALTERED.keys())
def test_whatever_is_altered_is_refused(
    headers: dict[str, str], body: bytes, now: float, reach, serve: MakeServer
) -> None:
    with pytest.raises(BadSignature):
        reach(serve(answers(200, published(KEY)))).verify_webhook(headers, body, now)


HOPELESS: dict[str, tuple[dict[str, str], float]] = {
    "nothing": ({}, NOW),
    **{f"no {name}": ({key: value for key, value in signed().items() if key != name}, NOW) for name in signed()},
    "301 s late": (signed(), NOW + 301),
    "301 s early": (signed(), NOW - 301),
    "a fraction": (signed() | {"X-Fal-Webhook-Timestamp": f"{NOW}.5"}, NOW),
    "a sign": (signed() | {"X-Fal-Webhook-Timestamp": f"+{NOW}"}, NOW),
    "another alphabet": (signed() | {"X-Fal-Webhook-Timestamp": "\u0661\u0662"}, NOW),
    "endless": (signed() | {"X-Fal-Webhook-Timestamp": "9" * 400}, NOW),
    "base64": (signed(signature=base64.b64encode(bytes(64)).decode()), NOW),
    "cut": (signed(signature="0" * 126), NOW),
    "two": (signed(signature=",".join(["0" * 128] * 2)), NOW),
    "a line in the id": (signed(request_id="a\nb"), NOW),
    "a line in the user": (signed(user_id="a\nb"), NOW),
    "ids with a comma": (signed(request_id="a,b"), NOW),
    "a long id": (signed(request_id="a" * 10_000), NOW),
}


@pytest.mark.parametrize(("headers", "now"), HOPELESS.values(), ids=HOPELESS.keys())
def test_a_delivery_that_cannot_be_right_asks_nobody(
    headers: dict[str, str], now: float, reach, serve: MakeServer
) -> None:
    server = serve(answers(200, published(KEY)))
    with pytest.raises(BadSignature):
        reach(server).verify_webhook(headers, BODY, now)
    assert server.calls == []


def test_names_and_hex_digits_are_read_in_any_case(reach, serve: MakeServer) -> None:
    headers = {name.lower(): value for name, value in signed().items()}
    headers["x-fal-webhook-signature"] = headers["x-fal-webhook-signature"].upper()
    assert reach(serve(answers(200, published(KEY)))).verify_webhook(headers, BODY, NOW + 300)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'{"request_id": "abc", "gateway_request_id": "x", "status": "ERROR"}', "abc:ERROR"),
        (b'{"request_id": "abc", "gateway_request_id": "y", "status": "OK"}', "abc:OK"),
        (b"not json", RID),
        (b'{"request_id": 5}', RID),
    ],
)
def test_the_job_and_its_status_are_the_key(body: bytes, key: str, reach, serve: MakeServer) -> None:
    adapter = reach(serve(answers(200, published(KEY))))
    assert adapter.verify_webhook(signed(body), body, NOW) == Verified(key=key)


def test_a_flood_of_forgeries_asks_once(reach, serve: MakeServer) -> None:
    server = serve(answers(200, published(KEY)))
    adapter = reach(server)
    for _ in range(20):
        with pytest.raises(BadSignature):
            adapter.verify_webhook(signed(key=OTHER), BODY, NOW)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        *(answers(status, {}) for status in (200, 302, 401, 404, 429, 500)),
        *(answers(200, {"keys": keys}) for keys in ([], None, 5, [None], [{"x": 5}], [{"x": "AAAA"}], [{"x": "?"}])),
        hangs_up,
        stays_silent,
    ],
)
def test_keys_that_cannot_be_had_leave_it_open(behaviour: Any, reach, serve: MakeServer) -> None:
    adapter = reach(serve(behaviour), fetch_timeout_seconds=0.5)
    for _ in range(2):
        with pytest.raises(SecretUnavailable):
            adapter.verify_webhook(signed(), BODY, NOW)


def test_without_an_address_nobody_can_judge(line_to: MakeLine) -> None:
    with pytest.raises(SecretUnavailable):
        Fal(line_to("https://queue.example.org")).verify_webhook(signed(), BODY, NOW)


def test_padding_is_no_matter_and_broken_keys_hide_no_good_one() -> None:
    bare = published(KEY)["keys"]
    padded = [{"x": bare[0]["x"] + "="}]
    broken: list[Any] = [None, {}, {"x": ""}, {"x": "ж"}, {"kty": "RSA", "n": "AQAB"}]
    for listed in (bare, padded, broken + bare):
        [key] = usable({"keys": listed})
        assert key.public_bytes_raw() == KEY.public_key().public_bytes_raw()


class Published:
    """A key set as it is answered each time, and the clock it is asked by."""

    def __init__(self, server: Server, line_to: MakeLine) -> None:
        self.server, self.line, self.now = server, line_to(server.origin), 1_000.0
        self.keys = PublishedKeys(f"{server.origin}/jwks.json", clock=lambda: self.now)

    def known(self) -> list[bytes]:
        return [key.public_bytes_raw() for key in self.keys.known(self.line)]

    def refreshed(self) -> list[bytes]:
        return [key.public_bytes_raw() for key in self.keys.refreshed(self.line)]


FIRST, SECOND = (key.public_key().public_bytes_raw() for key in (KEY, OTHER))


def test_keys_are_asked_for_again_after_half_a_day(serve: MakeServer, line_to: MakeLine) -> None:
    there = Published(serve(answers(200, published(KEY)), answers(200, published(OTHER))), line_to)
    for seconds in (0, PAUSE_SECONDS, FRESH_SECONDS - PAUSE_SECONDS):
        there.now += seconds
        assert there.known() == [FIRST]
    there.now += 1
    assert there.known() == [SECOND]
    assert len(there.server.calls) == 2


def test_a_replaced_key_is_found_within_ten_seconds(serve: MakeServer, line_to: MakeLine) -> None:
    there = Published(serve(answers(200, published(KEY)), answers(200, published(OTHER))), line_to)
    assert there.known() == there.refreshed() == [FIRST]
    there.now += PAUSE_SECONDS
    assert there.refreshed() == [SECOND]


def test_known_keys_outlive_an_outage_for_a_day_and_no_longer(serve: MakeServer, line_to: MakeLine) -> None:
    there = Published(serve(answers(200, published(KEY)), answers(500, {})), line_to)
    there.known()
    there.now += KEPT_SECONDS
    assert there.known() == [FIRST]
    with pytest.raises(SecretUnavailable):
        there.refreshed()
    there.now += 1
    with pytest.raises(SecretUnavailable):
        there.known()


def test_after_a_failure_it_is_asked_again_ten_seconds_later(serve: MakeServer, line_to: MakeLine) -> None:
    there = Published(serve(answers(500, {}), answers(200, published(KEY))), line_to)
    for _ in range(3):
        with pytest.raises(SecretUnavailable):
            there.known()
    assert len(there.server.calls) == 1
    there.now += PAUSE_SECONDS
    assert there.known() == [FIRST]
