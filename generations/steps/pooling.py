"""Where a generation meets the token pool: places given back when the provider's work ends, and who waits for one."""

import random
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from generations.models import Attempt, Generation, Stage
from generations.models.attempt import LIVE
from generations.steps import routing
from generations.steps.hints import Hint, hint_for
from providers.pool import line, taking

# When nobody can say when it goes on; a place that becomes free wakes the first in line before that.
WAIT_SECONDS = 5.0
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 600.0


def seconds_until(again_at: datetime | None) -> float:
    """How long to wait for what the pool said."""
    if again_at is None:
        return WAIT_SECONDS
    # Those who wait for the same moment do not all come at the same moment.
    seconds = (again_at - timezone.now()).total_seconds() + random.uniform(0, 1)  # noqa: S311
    return min(max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)


def give_back(attempts: QuerySet[Attempt]) -> list[Hint]:
    """The provider's work of these attempts is over: their places are free, and the first who waits may go on."""
    providers = set(attempts.values_list("provider", flat=True))
    if not taking.release(attempts.order_by().values("pk")):
        return []
    return [hint for provider in sorted(providers) for hint in wake_first(provider)]


def waiting(provider: str) -> QuerySet[Generation]:
    """Who waits for a free token of a provider, the first first. By the index of rows that are not over."""
    rows = Generation.objects.filter(next_action_at__isnull=False, stage=Stage.QUEUED, waits_for=routing.TOKEN)
    return rows.filter(provider=provider).order_by("created_at", "id")


def with_place_in_line(rows: QuerySet[Generation]) -> QuerySet[Generation]:
    """Annotates `ahead`: how many wait before it for a token of the same provider; 0 is next."""
    everybody = Generation.objects.filter(next_action_at__isnull=False, stage=Stage.QUEUED, waits_for=routing.TOKEN)
    return rows.annotate(ahead=line.ahead_in(everybody, of_the_same="provider", by="created_at"))


def wake_first(provider: str) -> list[Hint]:
    """Skips whom another is just waking or claiming: each place that becomes free wakes one."""
    free = waiting(provider).filter(lease_until__isnull=True, next_action_at__gt=Now())
    first = free.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True).first()
    if first is None:
        return []
    Generation.objects.filter(pk=first, stage=Stage.QUEUED).update(next_action_at=Now(), hinted_at=Now())
    return [hint_for(first, Stage.QUEUED)]


def give_back_lost() -> int:
    """Places whose attempts are over or gone. Each end gives its own back; this is for what nobody thought of."""
    held = taking.held_for_long()
    alive: Any = Attempt.objects.filter(pk__in=held, state__in=LIVE).values_list("pk", flat=True)
    return taking.release(held - set(alive)) if held else 0
