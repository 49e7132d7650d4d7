"""What stands behind the bell, on every page and by every socket: the newest notifications, and how many are unread."""

import json
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from notifications import quiet, texts, wishes
from notifications.models import Notification

SHOWN = 5
COUNTED = 99
# A page that was away for longer rings for nothing any more.
SIGNS_FOR = timedelta(minutes=10)


class Bell:
    """Read only when a template asks for it: one query, whatever the person has."""

    def __init__(self, person: User | None) -> None:
        self.person = person

    @cached_property
    def rows(self) -> list[Notification]:
        if self.person is None:
            return []
        mine = Notification.objects.for_user(self.person).in_bell()
        unread = ArraySubquery(mine.unread().order_by().values("pk")[: COUNTED + 1])
        return list(mine.newest_first().with_generation().annotate(unread=unread)[:SHOWN])

    @property
    def count(self) -> int:
        """Counted no further than 100."""
        return len(getattr(self.rows[0], "unread", ())) if self.rows else 0

    @property
    def count_text(self) -> str:
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)

    @property
    def now(self) -> str:
        """When this was read: what happened later is news to the page."""
        return timezone.now().isoformat()


def fragment(person: User, cursor: int) -> dict[str, Any] | None:
    """For the frame of a page that is at this change, with what it should ring for. None: it has the bell as it is."""
    if person.notified_seq <= cursor:
        return None
    context = {"bell": Bell(person), "signs": json.dumps(signs(person, timezone.now()))}
    return {"id": "bell", "html": render_to_string("notifications/_bell.html", context), "list": False}


def context(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    return {"bell": Bell(person if isinstance(person, User) else None)}


def signs(person: User, now: datetime) -> list[dict[str, Any]]:
    """What a page shows on the desktop or sounds for, by what its person has switched on. Nothing in quiet hours."""
    rows = Notification.objects.for_user(person).filter(created_at__gt=now - SIGNS_FOR).newest_first()
    found = list(rows.with_generation()[:SHOWN])
    preference = wishes.preference_of(person) if found else None
    if preference is None or quiet.quiet_until(preference, now):
        return []
    return [_sign(row, ways) for row in found if (ways := wishes.wanted(preference, row.kind) & wishes.SIGNS)]


def _sign(row: Notification, ways: frozenset[str]) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "at": row.created_at.isoformat(),
        "title": texts.title_of(row),
        "body": texts.body_of(row),
        "url": texts.path_of(row),
        "desktop": wishes.DESKTOP in ways,
        "sound": wishes.SOUND in ways,
    }
