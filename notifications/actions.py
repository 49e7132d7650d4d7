"""What a person does with notifications: read one, read all, say what they want."""

from datetime import time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from notifications import pages, wishes
from notifications.models import Notification, Preference
from notifications.models.notification import NotificationQuerySet


def mark_read(person: User, notification_id: UUID) -> None:
    _read(person, Notification.objects.for_user(person).filter(pk=notification_id))


def mark_all_read(person: User, until: UUID) -> None:
    """Up to the newest that was shown: what came since has not been seen. Ids grow with time."""
    _read(person, Notification.objects.for_user(person).in_bell().filter(pk__lte=until))


def keep_wishes(person: User, choice: wishes.Choice, quiet: tuple[time, time] | None, time_zone: str) -> Preference:
    """Under the person's lock, as a way that is linked at the same moment switches itself on."""
    start, end = quiet or (None, None)
    fields: dict[str, Any] = {"quiet_from": start, "quiet_until": end, "time_zone": time_zone}
    with transaction.atomic(durable=True):
        locked = User.objects.locked(person.pk)
        fields["channels"] = wishes.merged(wishes.preference_of(locked), choice)
        return Preference.objects.update_or_create(user=locked, defaults=fields)[0]


def _read(person: User, rows: NotificationQuerySet) -> None:
    """The person's other pages hear of it."""
    with transaction.atomic(durable=True):
        locked = User.objects.locked(person.pk)
        if rows.unread().update(read_at=Now()):
            pages.tell(locked)
