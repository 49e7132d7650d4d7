"""Google's deliveries: tokens signed with its keys, secrets of a whole project, and what a thin body may say."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA512

from providers.adapters.google import Google
from providers.adapters.google_keys import KEPT_SECONDS, PAUSE_SECONDS, PublicKeys
from providers.contract import JobState
from providers.errors import BadSignature, SecretUnavailable, Transient, UnreadableWebhook
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers, hangs_up, stays_silent
from tests.providers.signing import NOW, OTHER_SECRET, SECRET, signed

BODY = recorded("google", "succeeded").webhook or b""
KEY, OTHER_KEY, SHORT_KEY = (generate_private_key(65_537, bits) for bits in (2_048, 2_048, 1_024))
CLAIMS: dict[str, Any] = {
    "iss": "https://generativelanguage.googleapis.com",
    "iat": NOW,
    "exp": NOW + 300,
    "jti": "j-1",
}


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def token(claims: Mapping[str, Any] = CLAIMS, key: RSAPrivateKey = KEY, **header: Any) -> str:
    head = {"alg": "RS256", "kid": "one", "typ": "JWT"} | header
    signed_part = ".".join(text(json.dumps(part).encode()) for part in (head, claims))
    hashed = SHA512() if head["alg"] == "RS512" else SHA256()
    return f"{signed_part}.{text(key.sign(signed_part.encode(), PKCS1v15(), hashed))}"


def described(key: RSAPrivateKey = KEY, **changes: Any) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    modulus = text(numbers.n.to_bytes(key.key_size // 8, "big"))
    return {"kty": "RSA", "kid": "one", "alg": "RS256", "use": "sig", "n": modulus, "e": "AQAB"} | changes


def offers(*keys: object):
    return answers(200, {"keys": list(keys)})


@pytest.fixture
def reach(line_to: MakeLine):
    def make(address: str, **changes: Any) -> Google:
        options = {"jwks_url": f"{address}/.well-known/jwks.json"}
        return Google(line_to("https://generativelanguage.googleapis.com", options=options, **changes))

    return make


def test_a_token_is_judged_by_googles_key_which_is_fetched_once(serve: MakeServer, reach) -> None:
    server = serve(offers(described()))
    for number in range(3):
        headers = {"Webhook-Signature": token(), "webhook-id": f"msg_{number}"}
        verified = reach(server.origin).verify_webhook(headers, BODY, NOW)
        assert (verified.key, verified.is_proof) == (f"msg_{number}", False)
    [call] = server.calls
    assert (call.method, call.target) == ("GET", "/.well-known/jwks.json")
    assert "x-goog-api-key" not in call.headers


@pytest.mark.parametrize(
    ("claims", "key"), [(CLAIMS, "j-1"), ({"exp": NOW + 5}, None), (CLAIMS | {"jti": "a.b"}, None)]
)
def test_without_an_id_of_its_own_a_delivery_is_known_by_its_token(
    claims: dict[str, Any], key: str | None, serve: MakeServer, reach
) -> None:
    adapter = reach(serve(offers(described())).origin)
    first, again = (adapter.verify_webhook({"webhook-signature": token(claims)}, BODY, NOW).key for _ in range(2))
    assert first == again
    assert key in {None, first}


FORGERIES: dict[str, str] = {
    "another key": token(key=OTHER_KEY),
    "a name nobody has": token(kid="two"),
    "no algorithm": token(alg="none"),
    "another algorithm": token(alg="RS512"),
    "HMAC with the public key": token(alg="HS256"),
    "no name": token(kid=None),
    "too old": token(CLAIMS | {"iat": NOW - 301}),
    "from the future": token(CLAIMS | {"iat": NOW + 301}),
    "expired": token(CLAIMS | {"exp": NOW - 1}),
    "no time": token({"jti": "x"}),
    "times that are none": token({"iat": "now", "exp": True}),
    "made beyond all measure": token(CLAIMS | {"iat": 10**400}),
    "ending beyond all measure": token(CLAIMS | {"exp": 10**400}),
    "altered claims": ".".join((token().split(".")[0], text(b'{"iat":1790000000,"a":1}'), token().split(".")[2])),
    "altered signature": token()[:-6] + "AAAAAA",
    "no signature": token().rpartition(".")[0] + ".AA",
    "not JSON": f"AAAA.AAAA.{token().split('.')[2]}",
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_token_that_is_not_right_is_refused(forged: str, serve: MakeServer, reach) -> None:
    adapter = reach(serve(offers(described())).origin)
    with pytest.raises(BadSignature):
        adapter.verify_webhook({"webhook-signature": forged, "webhook-id": "a"}, BODY, NOW)


@pytest.mark.parametrize("headers", [{}, {"webhook-signature": "a.b"}, {"webhook-signature": token(alg="none")}])
def test_what_cannot_be_right_asks_nobody(headers: dict[str, str], serve: MakeServer, reach) -> None:
    server = serve(offers(described()))
    with pytest.raises(BadSignature):
        reach(server.origin).verify_webhook(headers, BODY, NOW)
    assert server.calls == []


@pytest.mark.parametrize(
    "behaviour",
    [
        hangs_up,
        stays_silent,
        *(answers(status, {}) for status in (200, 302, 404, 500)),
        offers(described(SHORT_KEY), described(kty="EC"), described(use="enc"), described(n="!"), described(kid=5), 7),
    ],
)
def test_keys_that_cannot_be_had_leave_it_open(behaviour: Any, serve: MakeServer, reach) -> None:
    adapter = reach(serve(behaviour).origin, fetch_timeout_seconds=0.5)
    for _ in range(2):
        with pytest.raises(SecretUnavailable):
            adapter.verify_webhook({"webhook-signature": token()}, BODY, NOW)


def test_without_an_address_for_the_keys_it_stays_open(line_to: MakeLine) -> None:
    with pytest.raises(SecretUnavailable):
        Google(line_to("https://g.example")).verify_webhook({"webhook-signature": token()}, BODY, NOW)


def test_a_secret_of_the_project_proves_the_body(serve: MakeServer, reach) -> None:
    adapter = reach("https://nowhere.example", webhook_secrets=(OTHER_SECRET, SECRET))
    verified = adapter.verify_webhook(signed(BODY, identifier="msg_77"), BODY, NOW)
    assert (verified.key, verified.is_proof) == ("msg_77", True)
    for headers, body in ((signed(BODY), BODY + b" "), (signed(BODY, timestamp=NOW - 301), BODY)):
        with pytest.raises(BadSignature):
            adapter.verify_webhook(headers, body, NOW)


@pytest.mark.parametrize("secrets", [(), ("whsec_nonsense!",)])
def test_without_a_usable_secret_it_stays_open(secrets: tuple[str, ...], reach) -> None:
    with pytest.raises(SecretUnavailable):
        reach("https://nowhere.example", webhook_secrets=secrets).verify_webhook(signed(BODY), BODY, NOW)


def test_the_body_says_which_job_has_news_and_never_an_end(reach) -> None:
    adapter = reach("https://nowhere.example")
    for name in ("succeeded", "failed", "cancelled"):
        update = adapter.parse_webhook({}, recorded("google", name).webhook or b"")
        assert (update.external_id[:7], update.state, update.error_code) == ("v1_ChdT", JobState.RUNNING, "")
    video = {"type": "video.generated", "data": {"id": "models/veo-3.1/operations/abc", "video_uri": "https://x"}}
    assert adapter.parse_webhook({}, json.dumps(video).encode()).external_id == "abc"


@pytest.mark.parametrize(
    "body",
    [
        {"type": "batch.succeeded", "data": {"id": "batches/x"}},
        {"type": "interaction.completed", "data": {"id": "../x?"}},
        {"type": "interaction.completed", "data": []},
        {"type": ["interaction.completed"], "data": {"id": "v1_x"}},
        {"data": {"id": "v1_x"}},
    ],
)
def test_a_body_about_nothing_of_ours_is_unreadable(body: object, reach) -> None:
    with pytest.raises(UnreadableWebhook):
        reach("https://nowhere.example").parse_webhook({}, json.dumps(body).encode())


class KeySet:
    """What is answered when the keys are asked for, and the clock it is asked by."""

    def __init__(self, *said: dict[str, Any] | Exception) -> None:
        self.said = list(said)
        self.asked = 0
        self.now = 1_000.0
        self.keys = PublicKeys(clock=lambda: self.now)

    def ask(self) -> dict[str, Any]:
        said = self.said[min(self.asked, len(self.said) - 1)]
        self.asked += 1
        if isinstance(said, Exception):
            raise said
        return said


def test_keys_are_kept_for_a_day_and_a_new_name_is_looked_for_at_once() -> None:
    found = KeySet({"keys": [described()]}, {"keys": [described(), described(OTHER_KEY, kid="two")]})
    for seconds in (0, PAUSE_SECONDS, KEPT_SECONDS - PAUSE_SECONDS):
        found.now += seconds
        assert found.keys.of("one", found.ask)
    assert found.asked == 1
    assert found.keys.of("two", found.ask)
    assert found.asked == 2


def test_strangers_names_do_not_ask_more_than_every_ten_seconds() -> None:
    found = KeySet({"keys": [described()]})
    for number in range(100):
        assert found.keys.of(f"name {number}", found.ask) is None
        found.now += 0.5
    assert found.asked == 5


def test_known_keys_outlive_an_address_that_does_not_answer() -> None:
    found = KeySet({"keys": [described()]}, Transient("gone"))
    assert found.keys.of("one", found.ask)
    found.now += KEPT_SECONDS + 1
    assert found.keys.of("one", found.ask)
