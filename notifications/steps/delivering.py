"""Sends one notification by one channel, once. The claim is committed before anything is sent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone, translation

from notifications import quiet, wishes
from notifications.channels import registry
from notifications.channels.contract import Outcome, Result
from notifications.models import Delivery
from notifications.models.delivery import State

logger = structlog.get_logger(__name__)
BATCH = 100
MAX_ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 3600
ENDS = {Result.SENT: State.SENT, Result.REFUSED: State.REFUSED, Result.UNKNOWN: State.UNKNOWN}


def deliver(delivery_id: UUID) -> None:
    """Looks, claims, sends, writes down what came of it. Two at once: one of them sends."""
    token = uuid4()
    delivery = _claim(delivery_id, token)
    if delivery is None:
        return
    _settle(delivery, token, _send(delivery))


def due(limit: int = BATCH) -> list[tuple[UUID, int]]:
    """What is to be sent, and how often it was told of before; no more often than hints take."""
    patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
    with transaction.atomic(durable=True):
        rows = Delivery.objects.due().filter(Q(hinted_at__isnull=True) | Q(hinted_at__lt=Now() - patience))
        rows = rows.order_by("next_action_at").select_for_update(skip_locked=True)
        found = list(rows.values_list("pk", "hints")[:limit])
        Delivery.objects.filter(pk__in=[pk for pk, _hints in found]).update(hinted_at=Now(), hints=F("hints") + 1)
    return found


def _claim(delivery_id: UUID, token: UUID) -> Delivery | None:
    """The row, taken, if it is still to be sent."""
    with transaction.atomic(durable=True):
        row = Delivery.objects.due().select_for_update(skip_locked=True).filter(pk=delivery_id).first()
        if row is None:
            return None
        if row.state == State.SENDING:
            # Whoever began it died; nobody knows how far it came.
            _end(row, State.UNKNOWN, "interrupted")
            return None
        delivery = Delivery.objects.with_all().get(pk=delivery_id)
        verdict = _still_wanted(delivery)
        if verdict is not None:
            Delivery.objects.filter(pk=row.pk).update(hinted_at=None, hints=0, **verdict)
            return None
        Delivery.objects.filter(pk=row.pk).update(
            state=State.SENDING,
            attempts=F("attempts") + 1,
            lease_token=token,
            next_action_at=Now() + timedelta(seconds=settings.NOTIFY_LEASE_SECONDS),
        )
        delivery.attempts += 1
        return delivery


def _still_wanted(delivery: Delivery) -> dict[str, Any] | None:
    """None: send it. Else what becomes of the row: it waits for the end of the quiet hours, or is left."""
    notification = delivery.notification
    person, preference = notification.user, wishes.preference_of(notification.user)
    if notification.is_read or not person.is_active:
        return _ended(State.SKIPPED, "read" if notification.is_read else "inactive")
    if delivery.channel not in wishes.ways_out(preference, person, notification.kind):
        return _ended(State.SKIPPED, "switched_off")
    later = quiet.quiet_until(preference, timezone.now())
    return {"next_action_at": later} if later else None


def _send(delivery: Delivery) -> Outcome:
    person = delivery.notification.user
    with translation.override(person.language or settings.LANGUAGE_CODE):
        # A channel that breaks its contract leaves the row as a death would: it ends as not known with its lease.
        return registry.channels()[delivery.channel].deliver(delivery)


def _settle(delivery: Delivery, token: UUID, outcome: Outcome) -> None:
    log = logger.bind(channel=delivery.channel, delivery_id=str(delivery.pk), reason=outcome.reason)
    if outcome.result is Result.RETRY and delivery.attempts < MAX_ATTEMPTS:
        fields: dict[str, Any] = {"state": State.WAITING, "next_action_at": _again_at(delivery, outcome)}
        fields |= {"hinted_at": None, "hints": 0, "reason": outcome.reason[:40]}
    else:
        fields = _ended(ENDS.get(outcome.result, State.REFUSED), outcome.reason)
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease_token=token)
    if mine.update(lease_token=None, **fields):
        log.info("notification_delivered", state=str(fields["state"]), attempts=delivery.attempts)


def _again_at(delivery: Delivery, outcome: Outcome) -> datetime:
    """One minute, four, sixteen, at most an hour; later if the other side said so."""
    pause = min(FIRST_PAUSE_SECONDS * 4 ** (delivery.attempts - 1), LONGEST_PAUSE_SECONDS)
    return timezone.now() + timedelta(seconds=max(pause, outcome.after_seconds or 0))


def _end(row: Delivery, state: State, reason: str) -> None:
    Delivery.objects.filter(pk=row.pk).update(lease_token=None, **_ended(state, reason))
    logger.warning("notification_not_known_sent", delivery_id=str(row.pk), channel=row.channel)


def _ended(state: State, reason: str) -> dict[str, Any]:
    return {"state": state, "reason": reason[:40], "next_action_at": None, "ended_at": Now()}
