"""Finds what hints have missed. Beat's sweep and pulse call the same functions; each is safe beside itself."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from generations.models import Delivery, Generation, HandedOver, IdempotencyKey, Output
from generations.models import output as outputs
from generations.steps.hints import Hint, hint_for

BATCH = 200
KEYS_KEPT = timedelta(hours=48)
DELIVERIES_KEPT = timedelta(days=30)


def overdue_hints(limit: int = BATCH) -> list[tuple[Hint, int]]:
    """Rows that are due, with how often somebody was told before. Telling is written down first."""
    patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
    with transaction.atomic(durable=True):
        rows = list(
            Generation.objects.due()
            .filter(Q(hinted_at__isnull=True) | Q(hinted_at__lt=Now() - patience))
            .order_by("next_action_at")
            .select_for_update(skip_locked=True, no_key=True)
            .values_list("pk", "stage", "provider", "hints")[:limit]
        )
        Generation.objects.filter(pk__in=[pk for pk, *_rest in rows]).update(hinted_at=Now(), hints=F("hints") + 1)
    return [(hint_for(pk, stage, provider), hints) for pk, stage, provider, hints in rows]


def waiting_deliveries(limit: int = BATCH) -> list[UUID]:
    """Inbox rows that are due; pushed back a moment so that two sweeps do not both name them."""
    with transaction.atomic(durable=True):
        due = Delivery.objects.filter(processed_at__isnull=True, next_try_at__lte=Now()).order_by("next_try_at")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
        Delivery.objects.filter(pk__in=ids).update(next_try_at=Now() + patience, tries=F("tries") + 1)
    return ids


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
