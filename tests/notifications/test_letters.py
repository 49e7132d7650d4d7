"""Letters by a real mail server on loopback: sent once, tried again only if surely not sent."""

from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from notifications import tasks
from notifications.models import Delivery, Notification, Preference
from notifications.steps import delivering
from tests.notifications.conftest import Ended, Want
from tests.notifications.letterbox import Letterbox
from tests.threads import at_once


@pytest.fixture
def waiting(alice: User, ended: Ended, want: Want, box: Letterbox) -> Delivery:
    """A letter that is to be sent."""
    want(alice, {"completed": ["bell", "email"]})
    ended(alice, "a pier\nat night")
    tasks.look_for_news()
    return Delivery.objects.get()


def again(delivery: Delivery) -> Delivery:
    """Sends it if it is due, as a worker does."""
    delivering.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def make_due(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk, next_action_at__isnull=False).update(next_action_at=Now(), hinted_at=None)


def test_a_letter_is_plain_has_a_link_and_goes_once(alice: User, waiting: Delivery, box: Letterbox) -> None:
    for _time in range(3):
        assert again(waiting).state == "sent"
    (letter,) = box.letters
    assert (letter["To"], letter["Subject"]) == (alice.email, ".base: Ready: a pier")
    assert letter.get_content_type() == "text/plain"
    assert f"/notifications/{waiting.notification_id}/" in letter.get_content()
    assert letter["Message-ID"].startswith(f"<{waiting.pk}@")


def test_a_letter_is_in_its_persons_language(alice: User, waiting: Delivery, box: Letterbox) -> None:
    User.objects.filter(pk=alice.pk).update(language="ru")
    again(waiting)
    assert box.letters[0]["Subject"] == ".base: Готово: a pier"


def test_a_look_gives_hints_and_does_it_itself_where_none_can_be_given(
    waiting: Delivery, box: Letterbox, settings: Any
) -> None:
    settings.HINTS_BEFORE_INLINE = 0
    tasks.look_for_deliveries()
    tasks.look_for_deliveries()
    assert (len(box.letters), again(waiting).attempts) == (1, 1)


def test_one_that_breaks_keeps_no_other_back(
    bob: User, waiting: Delivery, box: Letterbox, ended: Ended, settings: Any
) -> None:
    settings.HINTS_BEFORE_INLINE = 0
    User.objects.filter(pk=waiting.notification.user_id).update(email="alice@example.com\nBcc: everybody@example.com")
    Preference.objects.create(user=bob, channels={"completed": ["email"]})
    ended(bob, "a mole")
    tasks.look_for_news()
    with pytest.raises(ValueError, match="Invalid address"):
        tasks.look_for_deliveries()
    tasks.look_for_deliveries()
    assert [letter["To"] for letter in box.letters] == [bob.email]
    assert again(waiting).state == "sending"


@pytest.mark.parametrize(("mood", "state", "reason"), [("never", "refused", "refused"), ("cut", "unknown", "cut_off")])
def test_refused_and_unknown_are_never_tried_again(
    waiting: Delivery, box: Letterbox, mood: str, state: str, reason: str
) -> None:
    box.mood = mood
    for _time in range(3):
        assert (again(waiting).state, waiting.reason) == (state, reason)
    assert (waiting.attempts, len(box.letters)) == (1, int(mood == "cut"))


def test_what_was_surely_not_sent_waits_longer_each_time_and_is_given_up(
    waiting: Delivery, box: Letterbox, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    pauses = []
    for _attempt in range(delivering.MAX_ATTEMPTS):
        make_due(waiting)
        again_at = again(waiting).next_action_at
        if again_at:
            pauses.append((again_at - timezone.now()).total_seconds())
    assert [round(pause / 30) * 30 for pause in pauses] == [60, 240, 960, 3600, 3600]
    assert (waiting.state, waiting.reason, waiting.attempts) == ("refused", "not_reachable", 6)


def test_a_busy_server_is_asked_again(waiting: Delivery, box: Letterbox) -> None:
    box.mood = "later"
    assert (again(waiting).state, waiting.reason) == ("waiting", "refused_for_now")
    box.mood = ""
    assert again(waiting).state == "waiting"
    make_due(waiting)
    assert (again(waiting).state, len(box.letters)) == ("sent", 1)


def test_a_sender_that_died_leaves_it_unknown(waiting: Delivery, box: Letterbox) -> None:
    Delivery.objects.filter(pk=waiting.pk).update(state="sending")
    assert (again(waiting).state, waiting.reason, box.letters) == ("unknown", "interrupted", [])


def test_a_channel_that_breaks_its_contract_leaves_it_unknown_and_never_sends_it_again(
    waiting: Delivery, box: Letterbox, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.notifications.letterbox.Tripping"
    with pytest.raises(RuntimeError, match="nobody foresaw this"):
        again(waiting)
    # It may have been sent, so nobody touches it before its lease has passed, and nobody sends it after.
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert (again(waiting).state, waiting.attempts) == ("sending", 1)
    settings.HINTS_BEFORE_INLINE = 0
    for _time in range(2):
        make_due(waiting)
        tasks.look_for_deliveries()
        assert (again(waiting).state, waiting.reason) == ("unknown", "interrupted")
    assert (waiting.attempts, len(box.letters)) == (1, 1)


def test_what_was_read_or_switched_off_meanwhile_is_left(
    alice: User, waiting: Delivery, box: Letterbox, want: Want, ended: Ended
) -> None:
    Notification.objects.update(read_at=Now())
    assert (again(waiting).state, waiting.reason) == ("skipped", "read")
    ended(alice, "another")
    tasks.look_for_news()
    second = Delivery.objects.exclude(pk=waiting.pk).get()
    want(alice, {"completed": ["bell"]})
    assert (again(second).state, second.reason, box.letters) == ("skipped", "switched_off", [])


@pytest.mark.usefixtures("committed")
def test_many_senders_at_once_send_one_letter(make_person: Any, ended: Ended, want: Want, box: Letterbox) -> None:
    alice = make_person("alice")
    want(alice, {"completed": ["email"]})
    ended(alice)
    tasks.look_for_news()
    delivery = Delivery.objects.get()
    assert at_once(lambda _number: delivering.deliver(delivery.pk), 8) == [None] * 8
    assert (again(delivery).state, delivery.attempts, len(box.letters)) == ("sent", 1, 1)
