"""What the client makes of answers, and that the token stands in no word of it."""

import logging
from typing import Any

import pytest

from config import secrecy
from notifications.telegram import errors
from notifications.telegram.client import Client, File
from notifications.telegram.line import Line, line
from notifications.telegram.models import Bot
from notifications.telegram.steps import setting_up
from tests.providers.server import Behaviour, Server, answers, drips, hangs_up, says, stays_silent

TOKEN = "123456789:AAH-this_is-the_secret_half_of_it"


def client_of(address: str) -> Client:
    return Client(Line(base_url=address, token=TOKEN, start_url="https://t.me", is_sandbox=False))


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (answers(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}), errors.TokenInvalid),
        (answers(404, {"ok": False, "error_code": 404, "description": "Not Found"}), errors.TokenInvalid),
        (answers(403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}), errors.Blocked),
        (answers(400, {"ok": False, "description": "Bad Request: chat not found"}), errors.Blocked),
        (answers(400, {"ok": False, "description": "Bad Request: message is too long"}), errors.Refused),
        (answers(413, b"<html>too large</html>"), errors.Refused),
        (answers(429, {"ok": False, "parameters": {"retry_after": 7}}), errors.Throttled),
        (answers(500, {"ok": False, "description": "Internal Server Error"}), errors.Unanswered),
        (answers(502, b"<html>bad gateway</html>"), errors.Unanswered),
        (answers(200, b"<html>a page</html>"), errors.Unanswered),
        (answers(200, {"ok": False}), errors.Unanswered),
        (answers(302, b"", {"Location": "https://elsewhere.example/"}), errors.Unanswered),
        (says(b"nonsense\r\n\r\n"), errors.Unanswered),
        (hangs_up, errors.Unanswered),
        (stays_silent, errors.Unanswered),
        (drips, errors.Unanswered),
    ],
)
def test_answers_are_sorted_by_what_may_be_done_next(
    behaviour: Behaviour, kind: type[errors.TelegramError], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PROVIDER_CONNECT_TIMEOUT_SECONDS = settings.PROVIDER_READ_TIMEOUT_SECONDS = 0.3
    with Server(behaviour) as server, caplog.at_level(logging.WARNING), pytest.raises(errors.TelegramError) as caught:
        client_of(server.origin).send(42, "hello")
    assert type(caught.value) is kind
    assert "secret_half" not in f"{caught.value} {caught.getrepr(style='long', showlocals=False)} {caplog.text}"
    assert len(server.calls) == 1


def test_nobody_there_is_known_not_to_have_heard() -> None:
    with pytest.raises(errors.Unreachable) as caught:
        client_of("http://127.0.0.1:1").send(42, "hello")
    assert "secret_half" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_pause_is_what_telegram_says_within_reason() -> None:
    for given, pause in ((7, 7.0), (10**9, 3600.0), ("soon", 5.0), (-1, 5.0), (None, 5.0)):
        behaviour = answers(429, {"ok": False, "parameters": {"retry_after": given}})
        with Server(behaviour) as server, pytest.raises(errors.Throttled) as caught:
            client_of(server.origin).send(42, "hello")
        assert caught.value.retry_after_seconds == pause


def test_a_message_is_json_and_a_file_is_a_form() -> None:
    said = answers(200, {"ok": True, "result": {"message_id": 9}})
    with Server(said) as server:
        client = client_of(server.origin)
        assert client.send(42, "hello", [[{"text": "Open", "url": "https://studio.example.org/"}]]) == 9
        file = File(kind="photo", name="a.webp", content_type="image/webp", content=b"pixels")
        assert client.send(42, "hello", None, file) == 9
    first, second = server.calls
    assert (first.method, first.target) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert first.json == {
        "chat_id": 42,
        "text": "hello",
        "reply_markup": {"inline_keyboard": [[{"text": "Open", "url": "https://studio.example.org/"}]]},
    }
    assert second.target == f"/bot{TOKEN}/sendPhoto"
    assert second.headers["content-type"].startswith("multipart/form-data")
    for part in (b'name="photo"; filename="a.webp"', b"pixels", b'name="caption"', b"hello", b'name="chat_id"'):
        assert part in second.body
    # Each over a connection of its own: one that was kept may be closed by the time it is used.
    assert first.connection != second.connection


def test_the_settings_secret_is_hidden_in_log_lines() -> None:
    hide = secrecy.hider(secrecy.values({"TELEGRAM_BOT_TOKEN": TOKEN}))
    shown = hide(None, "", f"POST https://api.telegram.org/bot{TOKEN}/sendMessage, the half {TOKEN.partition(':')[2]}")
    assert "secret_half" not in shown


def test_the_operators_bot_goes_before_the_sandbox(settings: Any) -> None:
    settings.EMBEDDED, settings.SANDBOX_URL = True, "http://127.0.0.1:1"
    sandboxed = line()
    assert sandboxed is not None
    assert sandboxed.is_sandbox
    settings.TELEGRAM_BOT_TOKEN, settings.PUBLIC_URL = TOKEN, "https://studio.example.org"
    here = line()
    assert here is not None
    assert (here.base_url, here.bot, here.is_sandbox, here.can_be_called) == (
        "https://api.telegram.org", "123456789", False, True,
    )  # fmt: skip
    assert TOKEN not in repr(here)
    assert here.fingerprint != sandboxed.fingerprint
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    other = line()
    assert other is not None
    assert not other.can_be_called


@pytest.mark.django_db
def test_the_operator_reads_how_it_stands(settings: Any) -> None:
    assert "does not know this bot yet" in str(setting_up.state())
    Bot.objects.create(username="studio_bot", fingerprint=_fingerprint())
    assert "sandbox plays Telegram" in str(setting_up.state())
    settings.TELEGRAM_BOT_TOKEN = TOKEN
    assert "PUBLIC_URL is not https" in str(setting_up.state())
    setting_up.set_up()
    assert Bot.objects.get().problem == "needs_https"
    settings.PUBLIC_URL = "https://studio.example.org"
    assert "does not know this bot yet" in str(setting_up.state())
    Bot.objects.update(fingerprint=_fingerprint(), problem="")
    assert str(setting_up.state()) == "@studio_bot is set up, and Telegram calls back."
    settings.TELEGRAM_BOT_TOKEN, settings.EMBEDDED = "", False
    assert str(setting_up.state()).startswith("No token is set, so nobody")


def _fingerprint() -> str:
    here = line()
    assert here is not None
    return here.fingerprint
