"""Replicate's deliveries: which secret judges them, where it comes from, and what happens when it cannot be had."""

import pytest

from providers.adapters.replicate import Replicate
from providers.adapters.replicate_secrets import KEPT_SECONDS, PAUSE_SECONDS, AccountSecrets
from providers.contract import JobState, Verified
from providers.errors import BadSignature, SecretUnavailable, Transient
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers, hangs_up, stays_silent
from tests.providers.signing import NOW, OTHER_SECRET, SECRET, signed

BODY = recorded("replicate", "succeeded").body
# Deliveries that are refused before any secret is needed.
HOPELESS = [
    {},
    signed(BODY, webhook_signature="v2,x"),
    signed(BODY, timestamp=NOW - 301),
    signed(BODY, webhook_id="a.b"),
]


def offers(secret: object):
    return answers(200, {"key": secret})


def test_a_secret_from_the_settings_is_enough(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve()
    adapter = Replicate(line_to(server.origin, webhook_secrets=(OTHER_SECRET, SECRET)))
    assert adapter.verify_webhook(signed(BODY, identifier="msg_77"), BODY, NOW) == Verified(key="msg_77")
    with pytest.raises(BadSignature):
        adapter.verify_webhook(signed(BODY), BODY + b" ", NOW)
    assert server.calls == []


def test_a_verified_delivery_is_the_prediction(line_to: MakeLine) -> None:
    update = Replicate(line_to("https://api.example.org")).parse_webhook(signed(BODY), BODY)
    assert update.state is JobState.SUCCEEDED
    assert update.external_id == "vgcm4plb7tgzlyznry5d5jkgvu"


def test_the_tolerance_is_the_one_of_the_line(line_to: MakeLine) -> None:
    line = line_to("https://api.example.org", webhook_secrets=(SECRET,), webhook_tolerance_seconds=10)
    assert Replicate(line).verify_webhook(signed(BODY), BODY, NOW + 10)
    with pytest.raises(BadSignature):
        Replicate(line).verify_webhook(signed(BODY), BODY, NOW + 11)


def test_without_one_the_account_is_asked_once(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(offers(SECRET))
    line = line_to(f"{server.origin}/v1")
    for number in range(5):
        assert Replicate(line).verify_webhook(signed(BODY, identifier=f"msg_{number}"), BODY, NOW)
    [call] = server.calls
    assert (call.method, call.target) == ("GET", "/v1/webhooks/default/secret")
    assert call.headers["authorization"] == f"Bearer {line.token}"


@pytest.mark.parametrize("headers", HOPELESS, ids=range(len(HOPELESS)))
def test_a_delivery_that_cannot_be_right_asks_nobody(
    headers: dict[str, str], serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(offers(SECRET))
    with pytest.raises(BadSignature):
        Replicate(line_to(server.origin)).verify_webhook(headers, BODY, NOW)
    assert server.calls == []


def test_a_flood_of_forgeries_asks_the_account_once(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(offers(SECRET))
    adapter = Replicate(line_to(server.origin))
    for number in range(20):
        with pytest.raises(BadSignature):
            adapter.verify_webhook(signed(BODY, secret=OTHER_SECRET, identifier=f"m{number}"), BODY, NOW)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        *(answers(status, {}) for status in (200, 302, 401, 404, 429, 500)),
        *(offers(secret) for secret in ("", None, 5, "whsec_", "secret")),
        hangs_up,
        stays_silent,
    ],
)
def test_a_secret_that_cannot_be_had_leaves_it_open(behaviour: object, serve: MakeServer, line_to: MakeLine) -> None:
    adapter = Replicate(line_to(serve(behaviour).origin, fetch_timeout_seconds=0.5))
    for _ in range(2):
        with pytest.raises(SecretUnavailable):
            adapter.verify_webhook(signed(BODY), BODY, NOW)


def test_without_a_token_nobody_is_asked(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(offers(SECRET))
    with pytest.raises(SecretUnavailable):
        Replicate(line_to(server.origin, token="")).verify_webhook(signed(BODY), BODY, NOW)
    assert server.calls == []


def test_a_malformed_secret_in_the_settings_leaves_it_open(line_to: MakeLine) -> None:
    adapter = Replicate(line_to("https://api.example.org", webhook_secrets=("whsec_nonsense!",)))
    with pytest.raises(SecretUnavailable) as caught:
        adapter.verify_webhook(signed(BODY), BODY, NOW)
    assert "nonsense" not in str(caught.value)


class Account:
    """What the account answers when asked, and the clock it is asked by."""

    def __init__(self, *said: str | Exception) -> None:
        self.said = list(said)
        self.asked = 0
        self.now = 1_000.0
        self.secrets = AccountSecrets(clock=lambda: self.now)

    def ask(self) -> str:
        said = self.said[min(self.asked, len(self.said) - 1)]
        self.asked += 1
        if isinstance(said, Exception):
            raise said
        return said


def test_a_secret_is_kept_for_an_hour() -> None:
    account = Account(SECRET)
    for seconds in (0, PAUSE_SECONDS, KEPT_SECONDS - PAUSE_SECONDS):
        account.now += seconds
        assert account.secrets.known(account.ask) == (SECRET,)
    assert account.asked == 1
    account.now += 1
    account.secrets.known(account.ask)
    assert account.asked == 2


def test_a_replaced_secret_is_found_and_the_old_one_still_counts_for_an_hour() -> None:
    account = Account(SECRET, OTHER_SECRET)
    account.secrets.known(account.ask)
    account.now += PAUSE_SECONDS
    assert account.secrets.refreshed(account.ask) == (OTHER_SECRET, SECRET)
    account.now += KEPT_SECONDS + 1
    assert account.secrets.known(account.ask) == (OTHER_SECRET,)


def test_asking_again_is_not_done_more_than_every_ten_seconds() -> None:
    account = Account(SECRET)
    for _ in range(100):
        account.secrets.known(account.ask)
        account.secrets.refreshed(account.ask)
        account.now += 0.5
    assert account.asked == 5


def test_a_known_secret_outlives_a_provider_that_does_not_answer() -> None:
    account = Account(SECRET, Transient("gone"))
    account.secrets.known(account.ask)
    account.now += KEPT_SECONDS + 1
    assert account.secrets.known(account.ask) == (SECRET,)
    assert account.secrets.refreshed(account.ask) == (SECRET,)


def test_after_a_failure_it_is_asked_again_ten_seconds_later() -> None:
    account = Account(Transient("gone"), SECRET)
    for _ in range(3):
        with pytest.raises(SecretUnavailable):
            account.secrets.known(account.ask)
    assert account.asked == 1
    account.now += PAUSE_SECONDS
    assert account.secrets.known(account.ask) == (SECRET,)
