"""queued → submitting → running: takes a place and a token, commits the attempt, then calls the provider once.

The answer is accepted, refused, not sent or unknown. Unknown is never sent again (ARCHITECTURE.md, "Invariants").
"""

import random
import time
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from generations import callbacks, lifecycle
from generations.models import Attempt, Generation, Stage
from generations.models.attempt import State
from generations.models.event import Kind
from generations.places import limit_of
from generations.steps import applying, claims, settling
from generations.steps.hints import Hint
from providers import catalogue, registry, tokens
from providers.contract import JobRequest, JobUpdate
from providers.errors import (
    Ambiguous,
    ContentRefused,
    Misconfigured,
    NotSent,
    ProviderError,
    RateLimited,
    Rejected,
    Transient,
)

logger = structlog.get_logger(__name__)
WAIT_FOR_PLACE_SECONDS = 30
WAIT_FOR_TOKEN_SECONDS = 15
MAX_SUBMITS = 5
# A process that was frozen for this long between its commit and the call does not send any more.
STALE_SECONDS = 10
STORE_AGAIN_SECONDS = 0.5
BACKOFF_SECONDS = (2, 8, 30, 60)


def submit(generation: Generation) -> list[Hint]:
    """One claimed, queued generation: sends it when there is a place, else puts it back in line."""
    credential = tokens.pick(generation.provider)
    if credential is None:
        claims.put_back(generation, WAIT_FOR_TOKEN_SECONDS)
        return []
    opened_at = time.monotonic()
    attempt = open_attempt(generation, credential)
    return [] if attempt is None else _send(generation, attempt, credential, opened_at)


def free_slot(user: User, before: Generation) -> int | None:
    """The smallest place that is free for this row, under the person's lock.

    Older ones that are due come first; one that waits for something else than a place holds nobody up.
    """
    taken = set(Generation.objects.filter(user=user, slot__isnull=False).values_list("slot", flat=True))
    free = [slot for slot in range(1, limit_of(user) + 1) if slot not in taken]
    line = Generation.objects.due().filter(user=user, stage=Stage.QUEUED, created_at__lt=before.created_at)
    return free[0] if len(free) > line.count() else None


def open_attempt(generation: Generation, credential: tokens.Credential) -> Attempt | None:
    model = catalogue.get(generation.model)
    route = model.routes[0]
    fuse = timedelta(seconds=model.deadline_seconds)
    with transaction.atomic(durable=True):
        user = User.objects.locked(generation.user_id)
        slot = free_slot(user, before=generation)
        if slot is None:
            # In the same transaction that saw no place: whoever frees one sees this row waiting, and wakes it.
            claims.put_back(generation, WAIT_FOR_PLACE_SECONDS)
            return None
        won = lifecycle.move(
            generation.pk,
            user.pk,
            Stage.SUBMITTING,
            Kind.SUBMITTING,
            {"provider": route.provider},
            slot=slot,
            submits=F("submits") + 1,
            submitted_at=Now(),
            deadline_at=Now() + fuse + timedelta(seconds=settings.UNCONFIRMED_GRACE_SECONDS),
            # Whoever dies after this commit leaves a row that is due when the lease runs out.
            next_action_at=Now() + timedelta(seconds=settings.SUBMIT_LEASE_SECONDS),
            lease_until=Now() + timedelta(seconds=settings.SUBMIT_LEASE_SECONDS),
        )
        if not won:
            return None
        return Attempt.objects.create(
            generation=generation,
            number=generation.submits + 1,
            provider=route.provider,
            endpoint=route.endpoint,
            token_label=credential.label,
            request=dict(model.build_inputs(route, generation.prompt, generation.params)),
            fuse_at=Now() + fuse,
        )


def _send(generation: Generation, attempt: Attempt, credential: tokens.Credential, opened_at: float) -> list[Hint]:
    model = catalogue.get(generation.model)
    request = JobRequest(
        endpoint=attempt.endpoint,
        version=model.routes[0].version,
        inputs=attempt.request,
        callback_url=callbacks.address_of(attempt),
        deadline_seconds=model.deadline_seconds,
        idempotency_key=str(attempt.pk),
    )
    adapter = registry.connect(attempt.provider, credential)
    if time.monotonic() - opened_at > STALE_SECONDS:
        return refuse(generation, attempt, NotSent("this process stood still before it could send"))
    try:
        update = adapter.submit(request)
    except Ambiguous as error:
        logger.warning("submission_answer_unknown", attempt_id=str(attempt.pk), error=str(error))
        return mark_unconfirmed(generation, attempt, error.http_status)
    except (Rejected, Misconfigured, Transient) as error:
        return refuse(generation, attempt, error)
    # A breadcrumb that survives even when the next commit does not.
    logger.info("submission_accepted", attempt_id=str(attempt.pk), external_id=update.external_id)
    return _store(attempt, update, opened_at + settings.SUBMIT_LEASE_SECONDS)


def _store(attempt: Attempt, update: JobUpdate, until: float) -> list[Hint]:
    """Keeps trying while the database is away: an id that is known should not have to be found again."""
    while True:
        try:
            return applying.apply_update(attempt.pk, update, source=Kind.ACCEPTED).hints
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(STORE_AGAIN_SECONDS)


def mark_unconfirmed(generation: Generation, attempt: Attempt, http_status: int | None = None) -> list[Hint]:
    """Sent, or perhaps not, and no answer: from now on the provider's callback or list decides, never a second POST."""
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        won = lifecycle.move(
            generation.pk,
            generation.user_id,
            Stage.UNCONFIRMED,
            Kind.UNCONFIRMED,
            next_action_at=Now() + timedelta(seconds=settings.POLL_FLOOR_SECONDS),
        )
        if won:
            Attempt.objects.filter(pk=attempt.pk, state=State.POSTING).update(
                state=State.UNKNOWN, error_class="Ambiguous", http_status=http_status
            )
    return []


def refuse(generation: Generation, attempt: Attempt, error: ProviderError) -> list[Hint]:
    """Certainly not accepted: try later when time can help, else end it."""
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
        code = _final_code(error, attempt.number, is_cancelled=_is_cancel_requested(generation))
        if code is None:
            _back_in_line(generation, attempt.number, error)
            return settling.wake_next(generation.user_id)
        to = Stage.CANCELLED if code == "" else Stage.FAILED
        return settling.settle_locked(generation, to, error_code=code)


def _is_cancel_requested(generation: Generation) -> bool:
    return Generation.objects.filter(pk=generation.pk, cancel_requested_at__isnull=False).exists()


def _final_code(error: ProviderError, number: int, *, is_cancelled: bool) -> str | None:
    """The failure's code, "" for "cancelled", None for "send again later"."""
    if is_cancelled:
        return ""
    if isinstance(error, ContentRefused):
        return "content_refused"
    if isinstance(error, Rejected):
        return "input_refused"
    if isinstance(error, Misconfigured):
        return "provider_unavailable"
    return "provider_busy" if number >= MAX_SUBMITS else None


def _back_in_line(generation: Generation, number: int, error: ProviderError) -> None:
    seconds: float = BACKOFF_SECONDS[min(number, len(BACKOFF_SECONDS)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311
    if isinstance(error, RateLimited) and error.retry_after_seconds:
        seconds = min(max(error.retry_after_seconds, 1), 600)
    lifecycle.move(
        generation.pk,
        generation.user_id,
        Stage.QUEUED,
        Kind.POSTPONED,
        {"seconds": round(seconds)},
        slot=None,
        next_action_at=Now() + timedelta(seconds=seconds),
        deadline_at=F("created_at") + timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS),
    )
