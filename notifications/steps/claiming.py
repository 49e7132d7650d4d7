"""Takes what leaves as one message, if it is still to be sent. The claim is committed before anything is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from generations.models import Generation
from notifications import quiet, wishes
from notifications.channels import registry
from notifications.models import Delivery
from notifications.models.delivery import DeliveryQuerySet, State, ended

logger = structlog.get_logger(__name__)
MOST_TOGETHER = 100
# So long what is ready waits for the rest of its batch.
BATCH_PATIENCE = timedelta(minutes=10)


def claim(delivery_id: UUID, token: UUID) -> list[Delivery]:
    """The rows, taken, oldest first: this one, and what its channel sends along with it. Empty: nothing to send now.

    Two at once wait for each other over the oldest row, and one of them takes all.
    """
    with transaction.atomic(durable=True):
        asked = Delivery.objects.due().filter(pk=delivery_id).select_related("notification").first()
        rows = list(_leaving_with(asked).select_for_update(of=("self",))[:MOST_TOGETHER]) if asked else []
        mine = next((row for row in rows if row.pk == delivery_id), None)
        if mine is None:
            return []
        if mine.state == State.SENDING:
            # Whoever began it died; nobody knows how far it came.
            _change([mine], lease_token=None, **ended(State.UNKNOWN, "interrupted"))
            logger.warning("notification_not_known_sent", delivery_id=str(mine.pk), channel=mine.channel)
            return []
        return _take(_still_wanted(rows, mine.notification.user), token)


def _leaving_with(asked: Delivery) -> DeliveryQuerySet:
    channel = registry.channels().get(asked.channel)
    alone = Delivery.objects.due().filter(pk=asked.pk)
    rows = Delivery.objects.together_with(asked) if channel and channel.gathers else alone
    return rows.with_all().order_by("pk")


def _still_wanted(rows: Sequence[Delivery], person: User) -> list[Delivery]:
    """What is to be sent now. What nobody wants any more is ended; what comes too early waits."""
    preference = wishes.preference_of(person)
    kinds = {row.notification.kind for row in rows}
    ways = {kind: wishes.ways_out(preference, person, kind) for kind in kinds}
    wanted = []
    for row in rows:
        reason = _why_left(row, person, ways[row.notification.kind])
        if reason:
            _change([row], **ended(State.SKIPPED, reason))
        else:
            wanted.append(row)
    later = quiet.quiet_until(preference, timezone.now()) or _rest_of_batch(wanted, person)
    if later is None:
        return wanted
    _change(wanted, next_action_at=later)
    return []


def _why_left(row: Delivery, person: User, ways: Sequence[str]) -> str:
    """Empty: it is still wanted."""
    if row.notification.is_read:
        return "read"
    if not person.is_active:
        return "inactive"
    return "" if row.channel in ways else "switched_off"


def _rest_of_batch(rows: Sequence[Delivery], person: User) -> datetime | None:
    """When to look again, if what was asked for together with these is still under way."""
    generations = [row.notification.generation for row in rows]
    batches = {generation.batch_id for generation in generations if generation and generation.batch_id}
    now = timezone.now()
    if not batches or min(row.created_at for row in rows) < now - BATCH_PATIENCE:
        return None
    is_under_way = Generation.objects.for_user(person).open().filter(batch__in=batches).exists()
    return now + timedelta(seconds=settings.NOTIFY_GATHER_SECONDS) if is_under_way else None


def _take(rows: list[Delivery], token: UUID) -> list[Delivery]:
    lease = Now() + timedelta(seconds=settings.NOTIFY_LEASE_SECONDS)
    taken = {"state": State.SENDING, "attempts": F("attempts") + 1, "lease_token": token, "next_action_at": lease}
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(**taken)
    for row in rows:
        row.attempts += 1
    return rows


def _change(rows: Sequence[Delivery], **fields: Any) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(hinted_at=None, hints=0, **fields)
