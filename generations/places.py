"""How many of a person's places are free: how many generations may work at once."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from accounts.models import User
from generations.models import Generation


@dataclass(frozen=True, slots=True)
class Places:
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """A person's open generations: how many work, how many wait, how many more would be taken."""

    active: int
    waiting: int
    room: int


def line_of(user: User) -> Line:
    """One query over the index of open rows."""
    counts = Generation.objects.for_user(user).open().aggregate(open=Count("pk"), active=Count("slot"))
    room = limit_of(user) + settings.MAX_WAITING_GENERATIONS - counts["open"]
    return Line(counts["active"], counts["open"] - counts["active"], max(0, room))


def limit_of(user: User) -> int:
    """The person's own number, else the studio's."""
    return settings.MAX_ACTIVE_GENERATIONS if user.max_active is None else user.max_active


def places_of(user: User) -> Places:
    """One query over the index of slots."""
    total = limit_of(user)
    working = Generation.objects.for_user(user).filter(slot__isnull=False).count()
    return Places(max(0, total - working), total)
