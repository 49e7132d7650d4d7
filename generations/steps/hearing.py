"""The inbox: reads a stored webhook, finds whose it is and applies it."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db.models import F
from django.db.models.functions import Now

from generations.models import Attempt, Delivery
from generations.models.delivery import Outcome
from generations.models.event import Kind
from generations.steps import applying
from generations.steps.hints import Hint
from providers import registry, tokens
from providers.contract import JobRef, JobUpdate
from providers.errors import NotFound, ProviderError, Transient, UnreadableWebhook

logger = structlog.get_logger(__name__)
KEEP_TRYING = timedelta(hours=24)
MAX_WAIT_SECONDS = 300
MAX_TRIES = 1000


def process_delivery(delivery_id: UUID) -> list[Hint]:
    """Applies one delivery; safe to call twice, late or beside itself."""
    delivery = Delivery.objects.filter(pk=delivery_id, processed_at__isnull=True).first()
    if delivery is None:
        return []
    if delivery.tries > MAX_TRIES:
        # It raises each time it is applied: kept for the operator, while the poller settles the generation.
        logger.error("webhook_poison", delivery_id=str(delivery_id), tries=delivery.tries)
        return _close(delivery, Outcome.POISON)
    try:
        update = _read(delivery)
    except UnreadableWebhook as error:
        logger.warning("webhook_unreadable", delivery_id=str(delivery_id), error=str(error))
        return _close(delivery, Outcome.POISON)
    attempt = _find_attempt(delivery, update)
    if attempt is None:
        return _try_later(delivery)
    if not delivery.is_proof:
        return _check_and_apply(delivery, attempt, update)
    return applying.apply_update(attempt.pk, update, source=Kind.WEBHOOK, delivery=delivery).hints


def _read(delivery: Delivery) -> JobUpdate:
    credential = tokens.pick(delivery.provider)
    adapter = registry.connect(delivery.provider, credential or tokens.NOBODY)
    return adapter.parse_webhook(delivery.headers, bytes(delivery.body))


def _check_and_apply(delivery: Delivery, attempt: Attempt, claimed: JobUpdate) -> list[Hint]:
    try:
        update = _ask(attempt, claimed)
    except NotFound:
        logger.warning("webhook_unfounded", delivery_id=str(delivery.pk), external_id=claimed.external_id)
        return _close(delivery, Outcome.UNFOUNDED)
    except ProviderError as error:
        logger.info("webhook_not_checked", delivery_id=str(delivery.pk), error=type(error).__name__)
        return _try_later(delivery)
    return applying.apply_update(attempt.pk, update, source=Kind.WEBHOOK, delivery=delivery).hints


def _ask(attempt: Attempt, claimed: JobUpdate) -> JobUpdate:
    """Nothing was signed, so the body is a reason to look and no more: what counts is the provider's own answer."""
    credential = tokens.by_label(attempt.provider, attempt.token_label)
    if credential is None:
        raise Transient("the job's token is not there")
    job = JobRef(external_id=claimed.external_id, endpoint=attempt.endpoint, follow_up=attempt.follow_up)
    return registry.connect(attempt.provider, credential).fetch(job)


def _find_attempt(delivery: Delivery, update: JobUpdate) -> Attempt | None:
    """By the provider's id first, by the address it came to second."""
    attempts = Attempt.objects.filter(provider=delivery.provider)
    return (
        attempts.filter(external_id=update.external_id).first()
        or attempts.filter(pk=delivery.attempt_id, external_id__isnull=True).first()
    )


def _close(delivery: Delivery, outcome: Outcome) -> list[Hint]:
    Delivery.objects.filter(pk=delivery.pk, processed_at__isnull=True).update(processed_at=Now(), outcome=outcome)
    return []


def _try_later(delivery: Delivery) -> list[Hint]:
    """Nobody's yet: it may have come before our own commit. After a day it is an orphan."""
    is_old = Delivery.objects.filter(pk=delivery.pk, received_at__lt=Now() - KEEP_TRYING).exists()
    if is_old or _is_anothers(delivery):
        logger.warning("webhook_orphan", delivery_id=str(delivery.pk), attempt_id=str(delivery.attempt_id))
        return _close(delivery, Outcome.ORPHAN)
    wait = timedelta(seconds=min(2**delivery.tries, MAX_WAIT_SECONDS))
    Delivery.objects.filter(pk=delivery.pk).update(tries=F("tries") + 1, next_try_at=Now() + wait)
    return []


def _is_anothers(delivery: Delivery) -> bool:
    """The attempt of the address already has another job: a signed delivery sent to the wrong address."""
    return Attempt.objects.filter(pk=delivery.attempt_id, external_id__isnull=False).exists()
