"""Finds what hints have missed. Beat's sweep and pulse call the same functions; each is safe beside itself."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from generations.models import Delivery, Generation, HandedOver, IdempotencyKey, Output
from generations.models import output as outputs
from generations.steps.hints import Hint, hint_for

BATCH = 200
KEYS_KEPT = timedelta(hours=48)
DELIVERIES_KEPT = timedelta(days=30)


class Overdue(NamedTuple):
    """hints: how often a sweep told of it before. was_told: a hint of any kind was given, and nobody came."""

    hint: Hint
    hints: int
    was_told: bool


class Unheard(NamedTuple):
    """is_late: it came longer ago than a hint takes, so nobody was told or nobody listened."""

    delivery_id: UUID
    is_late: bool


def overdue_hints(limit: int = BATCH) -> list[Overdue]:
    """Rows that are due. Telling is written down first."""
    patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
    with transaction.atomic(durable=True):
        rows = list(
            Generation.objects.due()
            .filter(Q(hinted_at__isnull=True) | Q(hinted_at__lt=Now() - patience))
            .order_by("next_action_at")
            .select_for_update(skip_locked=True, no_key=True)
            .values_list("pk", "stage", "provider", "hints", "hinted_at")[:limit]
        )
        Generation.objects.filter(pk__in=[pk for pk, *_rest in rows]).update(hinted_at=Now(), hints=F("hints") + 1)
    return [
        Overdue(hint_for(pk, stage, provider), hints, hinted_at is not None)
        for pk, stage, provider, hints, hinted_at in rows
    ]


def waiting_deliveries(limit: int = BATCH) -> list[Unheard]:
    """Inbox rows that are due; pushed back a moment so that two sweeps do not both name them."""
    with transaction.atomic(durable=True):
        due = Delivery.objects.filter(processed_at__isnull=True, next_try_at__lte=Now()).order_by("next_try_at")
        rows = list(due.select_for_update(skip_locked=True).values_list("pk", "received_at")[:limit])
        patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
        ids = [pk for pk, _received_at in rows]
        Delivery.objects.filter(pk__in=ids).update(next_try_at=Now() + patience, tries=F("tries") + 1)
    return [Unheard(pk, received_at < timezone.now() - patience) for pk, received_at in rows]


def late_outputs(limit: int = BATCH) -> list[UUID]:
    """Ended generations whose late files are still to be fetched, for a day."""
    since = Now() - timedelta(days=1)
    pending = Output.objects.filter(state=outputs.State.PENDING, is_late=True, generation__completed_at__gt=since)
    return list(pending.values_list("generation_id", flat=True).distinct()[:limit])


def forget_old() -> dict[str, int]:
    """Drops what nobody will ask for again: idempotency keys, processed deliveries, files providers have dropped."""
    keys, _each = IdempotencyKey.objects.filter(created_at__lt=Now() - KEYS_KEPT).delete()
    old = Delivery.objects.filter(processed_at__isnull=False, received_at__lt=Now() - DELIVERIES_KEPT)
    deliveries, _each = old.delete()
    files, _each = HandedOver.objects.filter(expires_at__lt=Now()).delete()
    return {"idempotency_keys": keys, "deliveries": deliveries, "handed_over": files}
