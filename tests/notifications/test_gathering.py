"""What ends within a short time is told in one letter; each row ends by itself, and none is sent twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from generations.models import Batch, Generation, Stage
from notifications import letters, tasks
from notifications.models import Delivery, Notification
from notifications.steps import claiming, delivering
from tests.notifications.conftest import Ended, Want
from tests.notifications.letterbox import Letterbox
from tests.threads import at_once


@pytest.fixture(autouse=True)
def one_look(settings: Any, box: Letterbox) -> None:
    """Every look sends what is due by itself."""
    settings.NOTIFY_GATHER_SECONDS, settings.HINTS_BEFORE_INLINE = 60, 0


@pytest.fixture
def wanting(alice: User, want: Want) -> User:
    want(alice, {kind: ["bell", "email"] for kind in ("completed", "failed", "refunded")})
    return alice


def look(*, later: bool = False) -> list[str]:
    """One look of pulse, perhaps after the gathering is over; the states of all letters, oldest first."""
    if later:
        Delivery.objects.filter(next_action_at__isnull=False).update(next_action_at=Now())
    Delivery.objects.update(hinted_at=None)
    tasks.look_for_news()
    tasks.look_for_deliveries()
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_several_endings_are_one_letter(wanting: User, ended: Ended, box: Letterbox) -> None:
    ended(wanting, "a pier")
    ended(wanting, "a harbour")
    assert look() == ["waiting"] * 2
    # What ends meanwhile goes along, though its own minute is not over.
    first = Delivery.objects.earliest("pk")
    ended(wanting, "a crowd", kind="failed", error_code="content_refused")
    tasks.look_for_news()
    Delivery.objects.filter(pk=first.pk).update(next_action_at=Now())
    for _time in range(3):
        assert look() == ["sent"] * 3
    (letter,) = box.letters
    assert letter["Subject"] == ".base: Ready: 2 · Failed: a crowd"
    assert letter["Message-ID"].startswith(f"<{first.pk}@")
    body = letter.get_content()
    assert [body.count(f"/notifications/{row.pk}/") for row in Notification.objects.all()] == [1, 1, 1]
    assert body.index("Ready: a pier") < body.index("Ready: a harbour") < body.index("Failed: a crowd")
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_the_minute_begins_with_the_first(wanting: User, ended: Ended) -> None:
    ended(wanting)
    tasks.look_for_news()
    row = Delivery.objects.get()
    assert row.next_action_at is not None
    assert 55 < (row.next_action_at - timezone.now()).total_seconds() <= 60


def test_each_person_has_a_letter_of_their_own(
    wanting: User, bob: User, ended: Ended, want: Want, box: Letterbox
) -> None:
    want(bob, {"completed": ["email"]})
    ended(wanting, "hers")
    ended(bob, "his")
    look()
    assert look(later=True) == ["sent"] * 2
    assert {letter["To"]: letter["Subject"] for letter in box.letters} == {
        wanting.email: ".base: Ready: hers", bob.email: ".base: Ready: his"
    }  # fmt: skip


def test_what_was_read_meanwhile_is_left_out(wanting: User, ended: Ended, box: Letterbox) -> None:
    for words in ("read", "unread"):
        ended(wanting, words)
    look()
    Notification.objects.filter(generation__prompt="read").update(read_at=Now())
    assert sorted(look(later=True)) == ["sent", "skipped"]
    assert box.letters[0]["Subject"] == ".base: Ready: unread"


@pytest.mark.parametrize(("mood", "state", "arrived"), [("never", "refused", 0), ("cut", "unknown", 1)])
def test_what_leaves_together_ends_together(  # noqa: PLR0917
    wanting: User, ended: Ended, box: Letterbox, mood: str, state: str, arrived: int
) -> None:
    for _number in range(3):
        ended(wanting)
    look()
    box.mood = mood
    for _time in range(3):
        assert look(later=True) == [state] * 3
    assert len(box.letters) == arrived


def test_what_surely_did_not_leave_waits_together_and_takes_along_what_came(
    wanting: User, ended: Ended, box: Letterbox
) -> None:
    ended(wanting, "first")
    look()
    box.mood = "later"
    assert look(later=True) == ["waiting"]
    box.mood = ""
    ended(wanting, "second")
    assert look() == ["waiting"] * 2
    # The new one alone is due: the other waits out its pause.
    Delivery.objects.filter(attempts=0).update(next_action_at=Now())
    assert look() == ["waiting", "sent"]
    ended(wanting, "third")
    look()
    assert look(later=True) == ["sent"] * 3
    assert [letter["Subject"] for letter in box.letters] == [".base: Ready: second", ".base: Ready: 2"]


def test_a_sender_that_died_leaves_all_of_them_unknown(wanting: User, ended: Ended, box: Letterbox) -> None:
    for _number in range(3):
        ended(wanting)
    look()
    Delivery.objects.update(state="sending", attempts=F("attempts") + 1)
    assert look(later=True) == ["unknown"] * 3
    assert box.letters == []


def test_a_batch_is_told_when_all_of_it_has_ended(wanting: User, ended: Ended, box: Letterbox, put: Any) -> None:
    batch = Batch.objects.create(user=wanting)
    ended(wanting, "one", batch=batch)
    other = put(wanting, "two", stage=Stage.QUEUED, batch=batch)
    look()
    assert look(later=True) == ["waiting"]
    row = Delivery.objects.get()
    assert row.next_action_at is not None
    assert row.next_action_at > timezone.now() + timedelta(seconds=50)
    Generation.objects.filter(pk=other.pk).update(
        stage="cancelled", status="cancelled", next_action_at=None, completed_at=Now()
    )
    assert look(later=True) == ["sent"]
    assert len(box.letters) == 1


def test_a_batch_that_takes_long_is_not_waited_for(wanting: User, ended: Ended, put: Any) -> None:
    batch = Batch.objects.create(user=wanting)
    ended(wanting, batch=batch)
    put(wanting, "a long film", stage=Stage.QUEUED, batch=batch)
    look()
    Delivery.objects.update(created_at=Now() - claiming.BATCH_PATIENCE)
    assert look(later=True) == ["sent"]


def test_of_very_many_the_first_are_told_and_the_others_are_counted(
    wanting: User, ended: Ended, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=wanting.pk).update(language="ru")
    for number in range(5):
        ended(wanting, f"picture {number}")
    monkeypatch.setattr(letters, "LISTED", 3)
    look()
    assert look(later=True) == ["sent"] * 5
    (letter,) = box.letters
    assert letter["Subject"] == ".base: Готово: 5"
    body = letter.get_content()
    assert [f"picture {number}" in body for number in range(5)] == [True, True, True, False, False]
    assert "И ещё 2: " in body


@pytest.mark.usefixtures("committed")
def test_many_senders_of_many_at_once_send_one_letter(
    make_person: Any, ended: Ended, want: Want, box: Letterbox
) -> None:
    alice = make_person("alice")
    want(alice, {"completed": ["email"]})
    for _number in range(4):
        ended(alice)
    tasks.look_for_news()
    Delivery.objects.update(next_action_at=Now())
    ids = list(Delivery.objects.values_list("pk", flat=True))
    at_once(lambda number: delivering.deliver(ids[number % len(ids)]), 8)
    assert list(Delivery.objects.values_list("state", "attempts")) == [("sent", 1)] * 4
    assert len(box.letters) == 1
