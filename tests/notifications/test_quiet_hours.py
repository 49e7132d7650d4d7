"""Quiet hours are hours of the person's own clock; what is due in them waits for their end."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from notifications import bell, tasks
from notifications.models import Delivery, Notification, Preference
from notifications.quiet import quiet_until
from notifications.steps import delivering
from tests.notifications.conftest import Ended, Want

NIGHT = (time(22), time(8))
# Preference, now in UTC, the end in UTC or None.
CASES = [
    (NIGHT, "UTC", "2026-05-01T21:59:59", None),
    (NIGHT, "UTC", "2026-05-01T22:00:00", "2026-05-02T08:00:00"),
    (NIGHT, "UTC", "2026-05-02T07:59:59", "2026-05-02T08:00:00"),
    (NIGHT, "UTC", "2026-05-02T08:00:00", None),
    ((time(12), time(14)), "UTC", "2026-05-01T13:00:00", "2026-05-01T14:00:00"),
    ((time(12), time(14)), "UTC", "2026-05-01T14:00:00", None),
    (NIGHT, "Asia/Tokyo", "2026-05-01T14:00:00", "2026-05-01T23:00:00"),
    (NIGHT, "America/New_York", "2026-05-01T14:00:00", None),
    # The night the clocks go forward is an hour shorter, the one they go back an hour longer.
    (NIGHT, "Europe/Berlin", "2026-03-28T22:00:00", "2026-03-29T06:00:00"),
    (NIGHT, "Europe/Berlin", "2026-10-24T22:00:00", "2026-10-25T07:00:00"),
    # 02:30 does not exist that night.
    ((time(22), time(2, 30)), "Europe/Berlin", "2026-03-28T22:00:00", "2026-03-29T01:30:00"),
    # 02:30 comes twice that night, and so does the quarter of an hour before it.
    ((time(22), time(2, 30)), "Europe/Berlin", "2026-10-25T00:15:00", "2026-10-25T00:30:00"),
    ((time(22), time(2, 30)), "Europe/Berlin", "2026-10-25T01:15:00", "2026-10-25T01:30:00"),
    (NIGHT, "Nowhere/Atall", "2026-05-01T23:00:00", "2026-05-02T08:00:00"),
    ((None, None), "UTC", "2026-05-01T23:00:00", None),
]


@pytest.mark.parametrize(("hours", "zone", "now", "end"), CASES, ids=str)
def test_the_end_of_quiet_hours(hours: tuple[time, time], zone: str, now: str, end: str | None) -> None:
    preference = Preference(quiet_from=hours[0], quiet_until=hours[1], time_zone=zone)
    found = quiet_until(preference, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None)


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
@pytest.mark.parametrize("end", [time(1, 30), time(2), time(2, 30), time(3), time(3, 30)], ids=str)
def test_the_end_is_never_in_the_past(night: str, end: time) -> None:
    preference = Preference(quiet_from=time(22), quiet_until=end, time_zone="Europe/Berlin")
    evening = datetime.fromisoformat(f"{night}T20:00:00").replace(tzinfo=UTC)
    for minute in range(10 * 60):
        now = evening + timedelta(minutes=minute)
        found = quiet_until(preference, now)
        assert found is None or found > now


def now_is_quiet(alice: User, want: Want) -> datetime:
    """An hour of quiet around now, by a clock far away."""
    here = timezone.now().astimezone(ZoneInfo("Asia/Tokyo"))
    start, end = (here - timedelta(minutes=30)).time(), (here + timedelta(minutes=30)).time()
    ways = {"completed": ["bell", "email", "sound", "desktop"]}
    want(alice, ways, quiet_from=start, quiet_until=end, time_zone="Asia/Tokyo")
    return here + timedelta(minutes=30)


def test_a_letter_waits_and_the_bell_does_not(alice: User, ended: Ended, want: Want) -> None:
    end = now_is_quiet(alice, want)
    ended(alice)
    tasks.look_for_news()
    delivery = Delivery.objects.get()
    assert delivery.next_action_at is not None
    assert abs(delivery.next_action_at - end) < timedelta(seconds=1)
    assert delivering.due() == []
    assert bell.Bell(alice).count == 1
    assert bell.signs(alice, timezone.now()) == []


def test_quiet_hours_that_began_since_put_it_off_again(alice: User, ended: Ended, want: Want, settings: Any) -> None:
    settings.NOTIFY_GATHER_SECONDS = 0
    want(alice, {"completed": ["bell", "email"]})
    ended(alice)
    tasks.look_for_news()
    now_is_quiet(alice, want)
    delivery = Delivery.objects.get()
    delivering.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)
    assert delivery.next_action_at is not None
    assert delivery.next_action_at > timezone.now() + timedelta(minutes=20)


def test_a_page_rings_for_what_is_switched_on(alice: User, ended: Ended, want: Want) -> None:
    want(alice, {"completed": ["bell", "sound"], "failed": ["bell"]})
    ended(alice, "rings")
    ended(alice, "does not", kind="failed")
    tasks.look_for_news()
    (sign,) = bell.signs(alice, timezone.now())
    assert (sign["title"], sign["sound"], sign["desktop"]) == ("Ready: rings", True, False)
    assert bell.signs(alice, timezone.now() + timedelta(hours=1)) == []
    assert Notification.objects.count() == 2
