"""A submission that was certainly not accepted: another token or route takes it, or it waits, or it ends."""

import random
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from generations import lifecycle
from generations.models import Attempt, Generation, Stage, Waiting
from generations.models.attempt import State
from generations.models.event import Kind
from generations.steps import pooling, routing, settling
from generations.steps.hints import Hint, hint_for
from providers import tokens
from providers.errors import (
    ContentRefused,
    Misconfigured,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from providers.pool import reporting

logger = structlog.get_logger(__name__)
ACCOUNT_ERRORS = {error.__name__ for error in (Misconfigured, TokenInvalid, OutOfCredit)}
BACKOFF_SECONDS = (2, 8, 30, 60, 120, 300)


def refuse(
    generation: Generation, attempt: Attempt, error: ProviderError, credential: tokens.Credential = tokens.NOBODY
) -> list[Hint]:
    """Certainly not accepted: another token or way, or later, when that can help; else it ends.

    credential: as whom the provider was asked; without it nobody was, and the pool learns nothing.
    """
    logger.info("submission_refused", attempt_id=str(attempt.pk), error=type(error).__name__, detail=str(error))
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        closed = Attempt.objects.filter(pk=attempt.pk, state=State.POSTING).update(
            state=State.REFUSED,
            error_class=type(error).__name__,
            error_detail=str(error)[:2000],
            http_status=error.http_status,
        )
        if not closed:
            return []
        reporting.submission(credential, attempt.provider, attempt.endpoint, error)
        woken = pooling.give_back(Attempt.objects.filter(pk=attempt.pk))
        generation.submits = max(generation.submits, attempt.number)
        has_another_token = _was_about_the_token(error, credential) and tokens.is_ready(attempt.provider)
        has_another_way = has_another_token or routing.has_untried(generation)
        code = _final_code(error, has_another_way=has_another_way, is_cancelled=is_cancel_requested(generation))
        if code is None:
            _back_in_line(generation, attempt.number, error, has_another_way=has_another_way)
            if has_another_way:
                return [hint_for(generation.pk, Stage.QUEUED), *woken]
            return [*settling.wake_next(generation.user_id), *woken]
        to = Stage.CANCELLED if code == "" else Stage.FAILED
        ended = settling.settle_locked(generation, to, error_code=code, is_confirmed=to is Stage.CANCELLED)
        return [*ended, *woken]


def _was_about_the_token(error: ProviderError, credential: tokens.Credential) -> bool:
    return credential.token_id is not None and isinstance(error, RateLimited | TokenInvalid | OutOfCredit)


def is_cancel_requested(generation: Generation) -> bool:
    return Generation.objects.filter(pk=generation.pk, cancel_requested_at__isnull=False).exists()


def _final_code(error: ProviderError, *, has_another_way: bool, is_cancelled: bool) -> str | None:
    """The failure's code, "" for "cancelled", None for "send again, there or elsewhere, now or later".

    What the person asked for is refused everywhere alike. A model that is gone here may be had elsewhere. A provider
    that is down, and tokens that do not work, are waited for until the line's own patience ends.
    """
    if is_cancelled:
        return ""
    if isinstance(error, ContentRefused):
        return "content_refused"
    if isinstance(error, NotFound):
        return None if has_another_way else "provider_failed"
    if isinstance(error, Rejected):
        return "input_refused"
    return None


def why_never_sent(generation: Generation) -> str:
    """The failure's code of a wish whose patience in line has ended: what the last provider said, if any did."""
    if generation.waits_for == Waiting.PAUSE:
        return "paused_too_long"
    refused = Attempt.objects.filter(generation=generation, state=State.REFUSED).order_by("-number")
    last = refused.values_list("error_class", flat=True).first()
    if last is None:
        return "queue_timed_out"
    return "provider_unavailable" if last in ACCOUNT_ERRORS else "provider_busy"


def _back_in_line(generation: Generation, number: int, error: ProviderError, *, has_another_way: bool) -> None:
    seconds: float = BACKOFF_SECONDS[min(number, len(BACKOFF_SECONDS)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311
    if isinstance(error, RateLimited) and error.retry_after_seconds:
        seconds = min(max(error.retry_after_seconds, 1), 600)
    if has_another_way:
        seconds = 0
    lifecycle.move(
        generation.pk,
        generation.user_id,
        Stage.QUEUED,
        Kind.REROUTED if has_another_way else Kind.POSTPONED,
        {"seconds": round(seconds), "provider": generation.provider},
        slot=None,
        waits_for="" if has_another_way else routing.PROVIDER,
        place_in_line=None,
        # Nobody has served it, so its person's turn is not over.
        submitted_at=None,
        next_action_at=Now() + timedelta(seconds=seconds),
        deadline_at=F("created_at") + timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS),
    )
