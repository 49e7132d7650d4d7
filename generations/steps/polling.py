"""running: asks the provider how the work stands, and to stop it when the person wants that."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from generations import lifecycle
from generations.models import Attempt, Generation, Stage
from generations.models.attempt import State
from generations.models.event import Kind
from generations.steps import applying, claims, schedule, settling
from generations.steps.hints import Hint
from providers import registry, tokens
from providers.contract import Adapter, JobRef, JobUpdate
from providers.errors import NotFound, ProviderError, Unsupported
from providers.pool import reporting

logger = structlog.get_logger(__name__)
NOT_FOUND_LIMIT = 3
NOT_FOUND_PATIENCE = timedelta(minutes=2)


def poll(generation: Generation) -> list[Hint]:
    """One claimed, running generation: asks once, applies the answer, comes back later."""
    attempt = accepted_attempt(generation)
    if attempt is None:
        return settling.settle(generation, Stage.FAILED, error_code="internal")
    update = ask(generation, attempt)
    hints = applying.apply_update(attempt.pk, update, source=Kind.POLLED).hints if update else []
    attempt.refresh_from_db()
    if attempt.not_found >= NOT_FOUND_LIMIT and _was_accepted_long_ago(attempt):
        return settling.settle(generation, Stage.FAILED, error_code="provider_failed")
    claims.put_back(generation, schedule.next_poll_seconds(generation, attempt))
    return hints


def _was_accepted_long_ago(attempt: Attempt) -> bool:
    """A provider's own edge may not know a job yet that it accepted a moment ago."""
    return Attempt.objects.filter(pk=attempt.pk, accepted_at__lt=Now() - NOT_FOUND_PATIENCE).exists()


def accepted_attempt(generation: Generation) -> Attempt | None:
    return Attempt.objects.filter(generation=generation, state=State.ACCEPTED).first()


def ask(generation: Generation, attempt: Attempt) -> JobUpdate | None:
    """The provider's present word about the job, or None when it could not be had."""
    credential = tokens.by_label(attempt.provider, attempt.token_label)
    if credential is None or attempt.external_id is None:
        return None
    job = JobRef(external_id=attempt.external_id, endpoint=attempt.endpoint, follow_up=attempt.follow_up)
    adapter = registry.connect(attempt.provider, credential)
    try:
        # Here it is obeyed each time: to ask again would begin the work again.
        is_open = attempt.cancel_sent_at is None or tokens.works_here(attempt.provider)
        if generation.cancel_requested_at is not None and is_open:
            return _cancel(adapter, generation, attempt, job)
        update = adapter.fetch(job)
    except NotFound:
        Attempt.objects.filter(pk=attempt.pk).update(not_found=F("not_found") + 1, polls=F("polls") + 1)
        return None
    except ProviderError as error:
        logger.info("poll_failed", attempt_id=str(attempt.pk), error=type(error).__name__, detail=str(error))
        Attempt.objects.filter(pk=attempt.pk).update(polls=F("polls") + 1)
        reporting.read(credential, error)
        return None
    Attempt.objects.filter(pk=attempt.pk).update(polls=F("polls") + 1, not_found=0)
    return update


def _cancel(adapter: Adapter, generation: Generation, attempt: Attempt, job: JobRef) -> JobUpdate:
    """Asks the provider to stop, if it can be asked that. It may still say "succeeded"; its final word decides."""
    try:
        update = adapter.cancel(job)
    except Unsupported:
        update = adapter.fetch(job)
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        if Attempt.objects.filter(pk=attempt.pk, cancel_sent_at__isnull=True).update(cancel_sent_at=Now()):
            lifecycle.record(generation.pk, generation.user_id, Kind.CANCEL_SENT)
    return update
