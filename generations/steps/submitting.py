"""queued → submitting → running: takes a place and a token, commits the attempt, then calls the provider once.

The answer is accepted, refused, not sent or unknown. Unknown is never sent again (ARCHITECTURE.md, "Invariants").
"""

import random
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

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
from generations.steps import applying, claims, handing, routing, settling, waiting
from generations.steps.hints import Hint, hint_for
from generations.steps.inlined import without_files
from providers import catalogue, registry, tokens
from providers.contract import JobRequest, JobUpdate
from providers.errors import (
    Ambiguous,
    ContentRefused,
    Misconfigured,
    NotFound,
    NotSent,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
    Transient,
)

logger = structlog.get_logger(__name__)
WAIT_FOR_PLACE_SECONDS = 30
WAIT_FOR_PROVIDER_SECONDS = 15
# A process that was frozen for this long between its commit and the call does not send any more.
STALE_SECONDS = 10
STORE_AGAIN_SECONDS = 0.5
ACCOUNT_ERRORS = {error.__name__ for error in (Misconfigured, TokenInvalid, OutOfCredit)}
BACKOFF_SECONDS = (2, 8, 30, 60, 120, 300)


def submit(generation: Generation) -> list[Hint]:
    """One claimed, queued generation: sends it when there is a place and a way, else puts it back in line."""
    way = routing.choose(generation)
    if way is None:
        waiting.wait(generation, routing.PROVIDER, WAIT_FOR_PROVIDER_SECONDS)
        return []
    opened_at = time.monotonic()
    attempt = open_attempt(generation, way)
    return [] if attempt is None else _send(generation, attempt, way, opened_at)


def free_slot(user: User, before: Generation) -> int | None:
    """The smallest place that is free for this row, under the person's lock.

    Older ones that are due come first; one that waits for something else than a place holds nobody up.
    """
    taken = set(Generation.objects.filter(user=user, slot__isnull=False).values_list("slot", flat=True))
    free = [slot for slot in range(1, limit_of(user) + 1) if slot not in taken]
    line = Generation.objects.due().filter(user=user, stage=Stage.QUEUED, created_at__lt=before.created_at)
    return free[0] if len(free) > line.count() else None


def open_attempt(generation: Generation, way: routing.Way) -> Attempt | None:
    """The committed intention to send. Without files it is complete, and counts as sent from here on."""
    model = catalogue.get(generation.model)
    fuse = timedelta(seconds=model.deadline_seconds)
    is_complete = not handing.has_files(generation)
    with transaction.atomic(durable=True):
        user = User.objects.locked(generation.user_id)
        slot = free_slot(user, before=generation)
        if slot is None:
            # In the same transaction that saw no place: whoever frees one sees this row waiting, and wakes it.
            claims.put_back(generation, WAIT_FOR_PLACE_SECONDS, waits_for="")
            return None
        won = lifecycle.move(
            generation.pk,
            user.pk,
            Stage.SUBMITTING,
            Kind.SUBMITTING,
            {"provider": way.route.provider},
            slot=slot,
            provider=way.route.provider,
            waits_for="",
            submits=F("submits") + 1,
            submitted_at=Now(),
            deadline_at=Now() + fuse + timedelta(seconds=settings.UNCONFIRMED_GRACE_SECONDS),
            # Whoever dies after this commit leaves a row that is due when the lease runs out.
            next_action_at=Now() + timedelta(seconds=settings.SUBMIT_LEASE_SECONDS),
            lease_until=Now() + timedelta(seconds=settings.SUBMIT_LEASE_SECONDS),
        )
        if not won:
            return None
        attempt = Attempt.objects.create(
            generation=generation,
            number=generation.submits + 1,
            provider=way.route.provider,
            endpoint=way.route.endpoint,
            version=way.route.version,
            token_label=way.credential.label,
            request=model.build_inputs(way.route, generation.prompt, generation.params) if is_complete else {},
            sent_at=Now() if is_complete else None,
            fuse_at=Now() + fuse,
        )
    if not is_complete:
        attempt.refresh_from_db(fields=["fuse_at"])
        attempt.sent_at = None
    return attempt


def _send(generation: Generation, attempt: Attempt, way: routing.Way, opened_at: float) -> list[Hint]:
    adapter = registry.connect(attempt.provider, way.credential)
    fields = attempt.request
    if not fields:
        try:
            files = handing.hand_over(adapter, generation, attempt)
        except (Rejected, Misconfigured, Transient) as error:
            return refuse(generation, attempt, error)
        model = catalogue.get(generation.model)
        fields = model.build_inputs(way.route, generation.prompt, generation.params, files)
        opened_at = time.monotonic()
        if not _mark_sent(generation, attempt, fields):
            return []
    if time.monotonic() - opened_at > STALE_SECONDS:
        return refuse(generation, attempt, NotSent("this process stood still before it could send"))
    try:
        update = adapter.submit(job_request(generation, attempt, fields))
    except Ambiguous as error:
        logger.warning("submission_answer_unknown", attempt_id=str(attempt.pk), error=str(error))
        return mark_unconfirmed(generation, attempt, error.http_status)
    except (Rejected, Misconfigured, Transient) as error:
        return refuse(generation, attempt, error)
    # A breadcrumb that survives even when the next commit does not.
    logger.info("submission_accepted", attempt_id=str(attempt.pk), external_id=update.external_id)
    return _store(attempt, update, opened_at + settings.SUBMIT_LEASE_SECONDS)


def job_request(generation: Generation, attempt: Attempt, fields: Mapping[str, Any]) -> JobRequest:
    """The same for the same attempt, whoever makes it and whenever."""
    return JobRequest(
        endpoint=attempt.endpoint,
        version=attempt.version,
        inputs=fields,
        callback_url=callbacks.address_of(attempt),
        deadline_seconds=catalogue.get(generation.model).deadline_seconds,
        idempotency_key=str(attempt.pk),
        task=generation.task,
    )


def _mark_sent(generation: Generation, attempt: Attempt, fields: Mapping[str, Any]) -> bool:
    """Right before the request leaves, with a fresh lease. False: somebody has taken this attempt for dead."""
    lease = timedelta(seconds=settings.SUBMIT_LEASE_SECONDS)
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        posting = Attempt.objects.filter(pk=attempt.pk, state=State.POSTING, sent_at__isnull=True)
        if not posting.update(sent_at=Now(), request=without_files(fields)):
            return False
        own = Generation.objects.filter(pk=generation.pk, stage=Stage.SUBMITTING)
        return bool(own.update(lease_until=Now() + lease, next_action_at=Now() + lease))


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
    """Sent, or perhaps not, and no answer: from now on the provider's callback or list decides, never a second POST.

    Where the answer was to be the result itself, there is no job to hear of: it ends here and is released.
    """
    traits = registry.connect(attempt.provider, tokens.NOBODY).traits(attempt.endpoint)
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        if traits.answers_at_once:
            to, code = Stage.FAILED, "submission_unconfirmed"
            if _is_cancel_requested(generation):
                to, code = Stage.CANCELLED, ""
            return settling.settle_locked(generation, to, error_code=code, only_from=Stage.SUBMITTING)
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
    """Certainly not accepted: another way, or later, when that can help; else it ends."""
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
        generation.submits = max(generation.submits, attempt.number)
        has_another_way = routing.has_untried(generation)
        code = _final_code(error, has_another_way=has_another_way, is_cancelled=_is_cancel_requested(generation))
        if code is None:
            _back_in_line(generation, attempt.number, error, has_another_way=has_another_way)
            if has_another_way:
                return [hint_for(generation.pk, Stage.QUEUED)]
            return settling.wake_next(generation.user_id)
        to = Stage.CANCELLED if code == "" else Stage.FAILED
        return settling.settle_locked(generation, to, error_code=code)


def _is_cancel_requested(generation: Generation) -> bool:
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
        next_action_at=Now() + timedelta(seconds=seconds),
        deadline_at=F("created_at") + timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS),
    )
