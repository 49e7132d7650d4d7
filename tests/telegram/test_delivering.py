"""What is ready comes with its file, what failed with what it cost; once, whatever Telegram answers."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from notifications import tasks
from notifications.models import Delivery, Notification, Preference
from notifications.steps import delivering
from notifications.telegram.models import Chat
from notifications.telegram.steps import linking
from tests.bucket import Buckets
from tests.generations.conftest import Ask, drive
from tests.telegram.conftest import Telegram, buttons_of

Linked = Callable[..., None]


def tell() -> Delivery:
    """Notes what ended and sends what is to go to Telegram; the row of it."""
    tasks.look_for_news()
    row = Delivery.objects.filter(channel="telegram").latest("created_at")
    delivering.deliver(row.pk)
    row.refresh_from_db()
    return row


def test_a_picture_comes_as_a_picture(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> None:
    linked(alice)
    drive(ask(alice, "a quiet harbour"))
    assert tell().state == "sent"
    message = telegram.sent()[-1]
    assert message["caption"].startswith("Ready: a quiet harbour\nFLUX Schnell")
    assert "charged 0.3 cr" in message["caption"]
    assert message["photo"][0]["file_size"] > 1000
    (button,) = buttons_of(message)
    assert "/notifications/" in button["url"]
    file = telegram.http.get(f"{telegram.origin}/telegram/files/{message['message_id']}", timeout=10)
    assert file.content[8:12] == b"WEBP"


def test_a_film_comes_as_a_film(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> None:
    linked(alice)
    drive(ask(alice, "waves", "seedance-1-pro"))
    assert tell().state == "sent"
    assert telegram.sent()[-1]["video"]["mime_type"] == "video/mp4"


def test_what_is_too_large_comes_as_words(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> None:
    linked(alice)
    row = drive(ask(alice, "a quiet harbour"))
    asset = row.assets[0]
    type(asset).objects.filter(pk=asset.pk).update(size_bytes=50_000_001)
    assert tell().state == "sent"
    assert telegram.sent()[-1]["text"].startswith("Ready: a quiet harbour")
    assert not telegram.calls("sendPhoto")


def test_a_picture_in_a_bucket_that_is_away_is_waited_for(  # noqa: PLR0917
    alice: User, telegram: Telegram, linked: Linked, ask: Ask, buckets: Buckets, bucket_name: str
) -> None:
    linked(alice)
    said = telegram.calls("sendMessage")
    drive(ask(alice, "a quiet harbour"))
    for key in buckets.keys(bucket_name):
        buckets.client.delete_object(Bucket=bucket_name, Key=key)
    buckets.client.delete_bucket(Bucket=bucket_name)
    row = tell()
    assert (row.state, row.reason) == ("waiting", "busy")
    assert (telegram.calls("sendMessage"), telegram.calls("sendPhoto")) == (said, [])


def test_a_file_that_telegram_refuses_comes_as_words(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> None:
    linked(alice)
    drive(ask(alice, "a quiet harbour"))
    telegram.control("faults", method="sendPhoto", fault="400")
    assert tell().state == "sent"
    assert telegram.sent()[-1]["text"].startswith("Ready: a quiet harbour")


def test_a_failure_says_what_it_cost_and_offers_to_try_again(
    alice: User, telegram: Telegram, linked: Linked, ask: Ask
) -> None:
    linked(alice)
    drive(ask(alice, "a crowd [[refuse]]"))
    assert tell().state == "sent"
    message = telegram.sent()[-1]
    assert "Nothing was charged." in message["text"]
    assert [button["text"] for button in buttons_of(message)] == ["Try again", "Open"]


@pytest.mark.parametrize(
    ("fault", "value", "state", "reason", "arrived"),
    [
        ("429", "7", "waiting", "too_many", 0),
        ("401", "", "waiting", "token_refused", 0),
        ("400", "", "refused", "refused", 0),
        # Done or not: nobody knows, so it is not sent again.
        ("500", "", "unknown", "cut_off", 0),
        ("lost", "", "unknown", "cut_off", 0),
        ("cut", "", "unknown", "cut_off", 1),
        ("accept-500", "", "unknown", "cut_off", 1),
    ],
)
def test_only_what_was_surely_not_sent_is_sent_again(  # noqa: PLR0917
    alice: User, telegram: Telegram, linked: Linked, ask: Ask,
    fault: str, value: str, state: str, reason: str, arrived: int,
) -> None:  # fmt: skip
    linked(alice)
    before = len(telegram.sent())
    drive(ask(alice, "a crowd [[refuse]]"))
    telegram.control("faults", method="sendMessage", fault=fault, value=value)
    row = tell()
    assert (row.state, row.reason) == (state, reason)
    assert len(telegram.sent()) - before == arrived
    if state == "waiting":
        Delivery.objects.update(next_action_at=row.created_at)
    tasks.look_for_deliveries()
    delivering.deliver(row.pk)
    row.refresh_from_db()
    assert row.state == ("sent" if state == "waiting" else state)
    assert len(telegram.sent()) - before == (1 if state == "waiting" else arrived)


def test_a_pause_that_telegram_asks_for_is_kept(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> None:
    linked(alice)
    drive(ask(alice, "a crowd [[refuse]]"))
    telegram.control("faults", method="sendMessage", fault="429", value="900")
    row = tell()
    assert row.next_action_at is not None
    assert (row.next_action_at - row.created_at).total_seconds() > 890


def test_nobody_there_is_tried_again(alice: User, telegram: Telegram, linked: Linked, ask: Ask, settings: Any) -> None:
    linked(alice)
    drive(ask(alice, "a crowd [[refuse]]"))
    settings.SANDBOX_URL = "http://127.0.0.1:1"
    row = tell()
    assert (row.state, row.reason) == ("waiting", "not_reachable")


def test_a_blocked_bot_is_switched_off_and_said_in_the_bell(
    alice: User, telegram: Telegram, linked: Linked, ask: Ask
) -> None:
    linked(alice)
    drive(ask(alice, "a crowd [[refuse]]"))
    telegram.control("block", person=42)
    row = tell()
    assert (row.state, row.reason) == ("refused", "blocked")
    for _ in range(2):
        linking.note_closed()
    note = Notification.objects.get(kind="channel_off")
    assert note.user == alice
    drive(ask(alice, "another [[refuse]]"))
    tasks.look_for_news()
    assert Delivery.objects.filter(channel="telegram").count() == 1
    # Unblocking it is enough.
    telegram.write("/start")
    assert Chat.objects.get().blocked_at is None


@pytest.mark.parametrize(("ways", "told", "out"), [(["email"], [False], ["email"]), ([], [], []), (None, [True], [])])
def test_a_closed_chat_is_told_of_as_its_person_wants(
    alice: User, linked: Linked, ways: list[str] | None, told: list[bool], out: list[str]
) -> None:
    linked(alice)
    if ways is not None:
        Preference.objects.filter(user=alice).update(channels={"channel_off": ways})
    linking.close(42)
    for _ in range(2):
        linking.note_closed()
    assert list(Notification.objects.values_list("is_in_bell", flat=True)) == told
    assert list(Delivery.objects.values_list("channel", flat=True)) == out
    assert not Chat.objects.to_be_noted().exists()
