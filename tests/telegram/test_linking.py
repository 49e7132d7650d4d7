"""A person and a chat find each other by a link that works once, for a while, and for whoever made it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.channels import registry
from notifications.models import Preference
from notifications.telegram.models import Chat, LinkCode
from tests.telegram.conftest import Link, Telegram


def test_pressing_start_connects_the_chat(alice: User, telegram: Telegram, nonce_for: Link) -> None:
    nonce = nonce_for(alice)
    assert nonce not in str(LinkCode.objects.values_list())
    telegram.write(f"/start {nonce}", first_name="Alice")
    chat = Chat.objects.get()
    assert (chat.user, chat.chat_id, chat.name, chat.blocked_at) == (alice, 42, "Alice", None)
    (said,) = telegram.sent()
    assert said["text"].startswith(f"Connected with {alice.email}.")
    assert Preference.objects.get(user=alice).channels["completed"] == ["bell", "telegram"]


def test_a_link_works_once(alice: User, bob: User, telegram: Telegram, nonce_for: Link) -> None:
    nonce = nonce_for(alice)
    telegram.write(f"/start {nonce}", person=42)
    telegram.write(f"/start {nonce}", person=43)
    assert list(Chat.objects.values_list("user", "chat_id")) == [(alice.pk, 42)]
    assert telegram.sent(43)[0]["text"].startswith("This link has been used or is too old.")


@pytest.mark.parametrize("nonce", ["nobody-made-this", "x" * 64, "%00"])
def test_a_link_that_nobody_made_connects_nothing(alice: User, telegram: Telegram, nonce: str) -> None:
    telegram.write(f"/start {nonce}")
    assert not Chat.objects.exists()


def test_a_link_expires_and_a_newer_one_replaces_it(alice: User, telegram: Telegram, nonce_for: Link) -> None:
    first, second = nonce_for(alice), nonce_for(alice)
    telegram.write(f"/start {first}")
    assert not Chat.objects.exists()
    LinkCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    telegram.write(f"/start {second}")
    assert not Chat.objects.exists()


def test_connecting_again_moves_it(alice: User, bob: User, telegram: Telegram, nonce_for: Link) -> None:
    telegram.write(f"/start {nonce_for(alice)}", person=42)
    telegram.write(f"/start {nonce_for(alice)}", person=43)
    assert list(Chat.objects.values_list("user", "chat_id")) == [(alice.pk, 43)]
    telegram.write(f"/start {nonce_for(bob)}", person=43)
    assert list(Chat.objects.values_list("user", "chat_id")) == [(bob.pk, 43)]


def test_either_side_disconnects(alice: User, telegram: Telegram, nonce_for: Link) -> None:
    page = Client()
    page.force_login(alice)
    telegram.write(f"/start {nonce_for(alice)}")
    assert page.post("/notifications/telegram/unlink/").status_code == 302
    assert not Chat.objects.exists()
    telegram.write(f"/start {nonce_for(alice)}")
    telegram.write("/stop")
    assert not Chat.objects.exists()
    assert telegram.sent()[-1]["text"] == "Disconnected. Nothing more will come here."


def test_a_page_that_was_open_meanwhile_can_be_saved(alice: User, telegram: Telegram, nonce_for: Link) -> None:
    page = Client()
    page.force_login(alice)
    telegram.write(f"/start {nonce_for(alice)}")
    telegram.write("/stop")
    ways = ["bell", "sound", "telegram"]
    sent = {"offered": ways, "wish": ["completed:telegram", "completed:sound"], "time_zone": "UTC"}
    assert page.post("/notifications/preferences/", sent).status_code == 302
    assert Preference.objects.get(user=alice).channels["completed"] == ["sound", "telegram"]


def test_a_stranger_is_told_where_to_connect_in_their_language(alice: User, telegram: Telegram) -> None:
    telegram.write("/queue", language="ru")
    telegram.control("write", person=42, text="/start", language="ru")
    telegram.carry()
    assert "Подключите Telegram" in telegram.sent()[-1]["text"]


def test_without_a_bot_there_is_no_door(alice: User, settings: object) -> None:
    settings.EMBEDDED = False  # type: ignore[attr-defined]
    page = Client()
    page.force_login(alice)
    for path in ("/notifications/telegram/link/", "/notifications/telegram/unlink/", "/api/telegram/webhook"):
        assert page.post(path).status_code == 404
    assert list(registry.channels()) == ["email"]
    assert "Telegram" not in page.get("/notifications/preferences/").content.decode()


def test_the_link_waits_until_telegram_knows_the_bot(alice: User, telegram: Telegram, settings: object) -> None:
    settings.TELEGRAM_BOT_TOKEN = "1:another"  # type: ignore[attr-defined]
    page = Client()
    page.force_login(alice)
    answer = page.post("/notifications/telegram/link/", follow=True)
    assert "does not answer" in answer.content.decode()
    assert not LinkCode.objects.exists()
