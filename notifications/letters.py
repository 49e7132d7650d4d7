"""A letter: of one notification, or of several that came within a short time. Plain text, made when it is sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.models import Notification
from notifications.texts import message_of, title_of, title_of_several

# So many are told one by one; the others stand behind a link.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def letter_of(notifications: Sequence[Notification]) -> Letter:
    """In the order in which things ended. Reads each one's generation."""
    notifications = sorted(notifications, key=_ended_at)
    wishes = f"{settings.PUBLIC_URL}{reverse('notification-wishes')}"
    foot = _("What you are told of, and how: %(url)s") % {"url": wishes}
    parts = [_part(one) for one in notifications[:LISTED]]
    if len(notifications) > LISTED:
        parts.append(_others(len(notifications) - LISTED))
    return Letter(f".base: {_subject(notifications)}", "\n\n".join([*parts, f"-- \n{foot}\n"]))


def _ended_at(notification: Notification) -> datetime:
    """Those that are written down together bear one moment."""
    generation = notification.generation
    return (generation and generation.completed_at) or notification.created_at


def _part(notification: Notification) -> str:
    message = message_of(notification)
    return f"{message.title}\n\n{message.body}\n\n{message.url}"


def _others(count: int) -> str:
    words = ngettext("And %(count)d more: %(url)s", "And %(count)d more: %(url)s", count)
    return words % {"count": count, "url": f"{settings.PUBLIC_URL}{reverse('notifications')}"}


def _subject(notifications: Sequence[Notification]) -> str:
    """What there is one of by its title, the rest by how many."""
    counts = Counter(one.kind for one in notifications)
    first = {one.kind: one for one in reversed(notifications)}
    titles = (
        title_of(first[kind]) if count == 1 else title_of_several(first[kind], count) for kind, count in counts.items()
    )
    return " · ".join(titles)
