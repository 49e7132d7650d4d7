"""Groups rows by the day they were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from generations.models import Generation


@dataclass(frozen=True, slots=True)
class Day:
    """A heading and its rows, newest first."""

    date: date
    rows: list[Generation]

    @property
    def label(self) -> str:
        return day_label(self.date)


def by_day(rows: Sequence[Generation]) -> list[Day]:
    """Rows that are sorted by time, split at midnight."""
    groups = groupby(rows, key=lambda row: timezone.localtime(row.created_at).date())
    return [Day(day, list(found)) for day, found in groups]


def day_label(day: date) -> str:
    """Today, Yesterday, else the date."""
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return str(formats.date_format(day, "DATE_FORMAT"))
