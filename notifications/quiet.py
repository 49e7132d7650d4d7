"""Quiet hours: until when nothing is sent. They are hours of the person's own day, in their own time zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from notifications.models import Preference


def quiet_until(preference: Preference, now: datetime) -> datetime | None:
    """When the quiet hours that `now` falls into end; None when it is in none.

    The end is a time of the clock on the wall: on the day of a change of clocks it comes an hour sooner or later. One
    that does not exist that day is as much later as the clock jumps; of one that comes twice it is the next.
    """
    start, end = preference.quiet_from, preference.quiet_until
    if start is None or end is None:
        return None
    local = now.astimezone(zone_of(preference.time_zone))
    if not _is_within(local.time(), start, end):
        return None
    goes_past_midnight = start > end and local.time() >= start
    day = local.date() + timedelta(days=1) if goes_past_midnight else local.date()
    ends = [datetime.combine(day, end.replace(fold=fold), tzinfo=local.tzinfo).astimezone(UTC) for fold in (0, 1)]
    return next(moment for moment in ends if moment > now)


def zone_of(name: str) -> ZoneInfo:
    """One that this machine no longer knows is UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def zones() -> list[str]:
    """The names people choose from."""
    return ["UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))]


def _is_within(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start < end else clock >= start or clock < end
