"""Sends what was claimed, once, and writes down what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone, translation

from notifications.channels import registry
from notifications.channels.contract import Outcome, Result
from notifications.models import Delivery
from notifications.models.delivery import State, ended
from notifications.steps.claiming import claim

logger = structlog.get_logger(__name__)
BATCH = 100
MAX_ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 3600
ENDS = {Result.SENT: State.SENT, Result.REFUSED: State.REFUSED, Result.UNKNOWN: State.UNKNOWN}


def deliver(delivery_id: UUID) -> None:
    """Looks, claims, sends, writes down what came of it. Two at once: one of them sends."""
    token = uuid4()
    deliveries = claim(delivery_id, token)
    if deliveries:
        _settle(deliveries, token, _send(deliveries))


def due(limit: int = BATCH) -> list[tuple[UUID, int]]:
    """What is to be sent, and how often it was told of before; no more often than hints take."""
    patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
    with transaction.atomic(durable=True):
        rows = Delivery.objects.due().filter(Q(hinted_at__isnull=True) | Q(hinted_at__lt=Now() - patience))
        rows = rows.order_by("next_action_at").select_for_update(skip_locked=True)
        found = list(rows.values_list("pk", "hints")[:limit])
        Delivery.objects.filter(pk__in=[pk for pk, _hints in found]).update(hinted_at=Now(), hints=F("hints") + 1)
    return found


def _send(deliveries: Sequence[Delivery]) -> Outcome:
    person = deliveries[0].notification.user
    with translation.override(person.language or settings.LANGUAGE_CODE):
        # A channel that breaks its contract leaves the rows as a death would: they end as not known with their lease.
        return registry.channels()[deliveries[0].channel].deliver(deliveries)


def _settle(deliveries: Sequence[Delivery], token: UUID, outcome: Outcome) -> None:
    """What left together waits together, too: as long as the one that was tried most often."""
    again_at = _again_at(max(delivery.attempts for delivery in deliveries), outcome)
    with transaction.atomic(durable=True):
        for delivery in deliveries:
            fields = _fields(delivery, outcome, again_at)
            mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease_token=token)
            if mine.update(lease_token=None, **fields):
                log = logger.bind(channel=delivery.channel, delivery_id=str(delivery.pk), reason=outcome.reason)
                log.info("notification_delivered", state=str(fields["state"]), attempts=delivery.attempts)


def _fields(delivery: Delivery, outcome: Outcome, again_at: datetime) -> dict[str, Any]:
    if outcome.result is not Result.RETRY or delivery.attempts >= MAX_ATTEMPTS:
        return ended(ENDS.get(outcome.result, State.REFUSED), outcome.reason)
    fields = {"state": State.WAITING, "next_action_at": again_at, "hinted_at": None, "hints": 0}
    return fields | {"reason": outcome.reason[:40]}


def _again_at(attempts: int, outcome: Outcome) -> datetime:
    """One minute, four, sixteen, at most an hour; later if the other side said so."""
    pause = min(FIRST_PAUSE_SECONDS * 4 ** (attempts - 1), LONGEST_PAUSE_SECONDS)
    return timezone.now() + timedelta(seconds=max(pause, outcome.after_seconds or 0))
