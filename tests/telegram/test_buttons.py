"""Buttons do what the page does, for whoever the work belongs to, and once."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import credits
from accounts.models import User
from generations import refusals
from generations.models import Generation
from notifications.telegram.models import Update
from providers import catalogue
from tests.generations.conftest import Ask, drive, step
from tests.telegram.conftest import Telegram, buttons_of, deliver
from tests.telegram.test_delivering import tell

Linked = Callable[..., None]


@pytest.fixture
def failed(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> Generation:
    """A failure that alice was told of."""
    linked(alice)
    row = drive(ask(alice, "a crowd [[refuse]]"))
    assert tell().state == "sent"
    return row


def test_trying_again_asks_once_and_holds_what_it_costs(alice: User, telegram: Telegram, failed: Generation) -> None:
    message = telegram.sent()[-1]
    telegram.press(message, "retry")
    fresh = Generation.objects.get(retry_of=failed)
    assert (fresh.user, fresh.prompt) == (alice, failed.prompt)
    assert credits.balance_of(alice.pk).held == fresh.cost_millicredits
    assert telegram.toasts == ["Asked for again: 0.3 cr held."]
    assert [button["text"] for button in buttons_of(telegram.sent()[-1])] == ["Cancel", "Open"]
    # Pressed again on a telephone that still shows the old buttons.
    data = f"retry:{failed.pk.hex}"
    telegram.control("press", person=42, message=message["message_id"], data=data, forged=True)
    telegram.carry()
    assert Generation.objects.filter(retry_of=failed).count() == 1


def test_the_same_press_delivered_twice_asks_once(telegram: Telegram, failed: Generation) -> None:
    message = telegram.sent()[-1]
    telegram.press(message, "retry")
    assert deliver(telegram.updates[-1]).status_code == 200
    telegram.carry()
    assert Generation.objects.filter(retry_of=failed).count() == 1
    assert Update.objects.filter(processed_at__isnull=True).count() == 0


def test_what_was_asked_for_again_can_be_cancelled(alice: User, telegram: Telegram, failed: Generation) -> None:
    telegram.press(telegram.sent()[-1], "retry")
    telegram.press(telegram.sent()[-1], "cancel")
    fresh = Generation.objects.get(retry_of=failed)
    assert fresh.stage == "cancelled"
    assert credits.balance_of(alice.pk).held == 0
    assert telegram.toasts[-1] == "It was stopped. Nothing was charged."
    assert [button["text"] for button in buttons_of(telegram.sent()[-1])] == ["Open"]


def test_without_credits_nothing_is_asked_for(
    make_person: Callable[..., User], telegram: Telegram, linked: Linked, ask: Ask
) -> None:
    poor = make_person("poor", given_credits=1)
    linked(poor)
    row = drive(ask(poor, "a crowd [[refuse]]"))
    tell()
    for _ in range(3):
        step(ask(poor, "held"))
    telegram.press(telegram.sent()[-1], "retry")
    assert not Generation.objects.filter(retry_of=row).exists()
    assert "cr" in telegram.toasts[-1]


def test_the_rate_of_asking_is_the_pages(alice: User, telegram: Telegram, failed: Generation) -> None:
    message = telegram.sent()[-1]
    page = Client()
    page.force_login(alice)
    for _ in range(catalogue.get(failed.model).rate_per_minute):
        page.post(f"/generations/{failed.pk}/retry/")
    before = Generation.objects.filter(retry_of=failed).count()
    telegram.press(message, "retry")
    assert Generation.objects.filter(retry_of=failed).count() == before
    assert telegram.toasts == [str(refusals.too_often().sentence)]


def test_a_strangers_button_does_nothing(
    alice: User, carol: User, telegram: Telegram, failed: Generation, linked: Linked
) -> None:
    message = telegram.sent()[-1]
    # Nobody's chat, and carol's, who forges the data of alice's button.
    telegram.press(message, "retry", person=44)
    linked(carol, person=43)
    data = f"retry:{failed.pk.hex}"
    telegram.control("press", person=43, message=message["message_id"], data=data, forged=True)
    telegram.carry()
    assert not Generation.objects.filter(retry_of=failed).exists()
    assert set(telegram.toasts) == {"This button is not yours, or what it was for is gone."}
    assert len(telegram.toasts) == 2


@pytest.mark.parametrize("data", ["retry:", "retry:zz", "drop:0", "cancel", "retry:0123456789abcdef0123456789abcdef"])
def test_a_button_that_was_never_written_does_nothing(telegram: Telegram, failed: Generation, data: str) -> None:
    number = telegram.sent()[-1]["message_id"]
    telegram.control("press", person=42, message=number, data=data, forged=True)
    telegram.carry()
    assert telegram.toasts == ["This button is not yours, or what it was for is gone."]
    assert Generation.objects.count() == 1


def test_the_queue_is_listed_and_cancelled_one_by_one(
    alice: User, bob: User, telegram: Telegram, linked: Linked, ask: Ask
) -> None:
    linked(alice)
    ask(bob, "bob's own")
    first, second = ask(alice, "a quiet harbour"), ask(alice, "a fox")
    telegram.write("/queue")
    listed = telegram.sent()[-1]
    assert listed["text"].startswith("1. a quiet harbour\nIn line · 0.3 cr held")
    assert "bob" not in listed["text"]
    telegram.press(listed, f"cancel:{first.pk.hex}")
    first.refresh_from_db()
    assert first.stage == "cancelled"
    listed = telegram.sent()[-1]
    assert listed["text"].startswith("1. a fox")
    assert [button["callback_data"] for button in buttons_of(listed)] == [f"cancel:{second.pk.hex}"]
    telegram.press(listed, "cancel")
    assert telegram.sent()[-1]["text"] == "Nothing is under way."


def test_what_has_ended_cannot_be_cancelled(alice: User, telegram: Telegram, linked: Linked, ask: Ask) -> None:
    linked(alice)
    row = ask(alice, "a quiet harbour")
    telegram.write("/queue")
    drive(row)
    telegram.press(telegram.sent()[-1], "cancel")
    row.refresh_from_db()
    assert row.stage == "completed"
    assert telegram.toasts[-1]
