"""queued → submitting → running: takes a place and a token, commits the attempt, then calls the provider once.

The answer is accepted, refused, not sent or unknown. Unknown is never sent again (ARCHITECTURE.md, "Invariants").
"""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.ids import uuid7
from accounts.models import User
from generations import callbacks, lifecycle
from generations.models import Attempt, Generation, Stage
from generations.models.attempt import State
from generations.models.event import Kind
from generations.places import limit_of
from generations.steps import applying, claims, handing, lining, pooling, refusing, routing, settling, waiting
from generations.steps.hints import Hint
from generations.steps.inlined import without_files
from media_pipeline import storage
from providers import catalogue, registry, tokens
from providers.catalogue import Route
from providers.contract import Adapter, JobRequest, JobUpdate
from providers.errors import (
    Ambiguous,
    Misconfigured,
    NotSent,
    Rejected,
    Transient,
)
from providers.pool import reporting, taking

logger = structlog.get_logger(__name__)
WAIT_FOR_PLACE_SECONDS = 30
WAIT_FOR_PROVIDER_SECONDS = 15
# A process that was frozen for this long between its commit and the call does not send any more.
STALE_SECONDS = 10
STORE_AGAIN_SECONDS = 0.5


class Opened(NamedTuple):
    """A committed attempt, as whom and where it is sent, and who should look for a place next."""

    attempt: Attempt
    credential: tokens.Credential
    route: Route
    woken: list[Hint]


def submit(generation: Generation) -> list[Hint]:
    """One claimed, queued generation: sends it when there is a place and a way, else puts it back in line."""
    ways = routing.ways(generation)
    if not ways:
        waiting.wait(generation, routing.PROVIDER, WAIT_FOR_PROVIDER_SECONDS)
        return []
    opened_at = time.monotonic()
    opened = open_attempt(generation, ways)
    if not isinstance(opened, Opened):
        return opened
    return [*opened.woken, *_send(generation, opened, opened_at)]


def free_slot(user: User, before: Generation) -> int | None:
    """The smallest place that is free for this row, under the person's lock.

    Those before it in the person's own order come first if they are due; one that waits for something else than a
    place holds nobody up.
    """
    taken = set(Generation.objects.filter(user=user, slot__isnull=False).values_list("slot", flat=True))
    free = [slot for slot in range(1, limit_of(user) + 1) if slot not in taken]
    line = Generation.objects.due().before_in_own_order(before).filter(user=user, stage=Stage.QUEUED)
    return free[0] if len(free) > line.count() else None


def open_attempt(generation: Generation, ways: Sequence[routing.Way]) -> Opened | list[Hint]:
    """The committed intention to send. Without files it is complete, and counts as sent from here on.

    Else it waits in line from here on, and the hints say who should look instead.
    """
    model = catalogue.get(generation.model)
    fuse = timedelta(seconds=model.deadline_seconds)
    is_complete = not handing.has_files(generation)
    with transaction.atomic(durable=True):
        user = User.objects.locked(generation.user_id)
        slot = None if user.is_paused else free_slot(user, before=generation)
        if slot is None:
            # In the same transaction that saw no place: whoever frees one sees this row waiting, and wakes it.
            _stay_in_line(user, generation)
            return []
        attempt_id = uuid7()
        taken = pooling.take_place(generation, ways, attempt_id)
        if not isinstance(taken, pooling.Taken):
            return taken
        route, credential = taken.route, taken.credential
        won = lifecycle.move(
            generation.pk,
            user.pk,
            Stage.SUBMITTING,
            Kind.SUBMITTING,
            {"provider": route.provider},
            slot=slot,
            provider=route.provider,
            submits=F("submits") + 1,
            submitted_at=Now(),
            deadline_at=Now() + fuse + timedelta(seconds=settings.UNCONFIRMED_GRACE_SECONDS),
            # Whoever dies after this commit leaves a row that is due when the lease runs out.
            next_action_at=Now() + timedelta(seconds=settings.SUBMIT_LEASE_SECONDS),
            lease_until=Now() + timedelta(seconds=settings.SUBMIT_LEASE_SECONDS),
        )
        if not won:
            taking.release([attempt_id])
            return []
        attempt = _write_attempt(generation, route, attempt_id, credential, is_complete=is_complete)
        # Several places may have become free at once, of which only the first in line was told.
        woken = lining.wake_first(route.provider) if generation.waits_for == routing.TOKEN else []
    if not is_complete:
        attempt.refresh_from_db(fields=["fuse_at"])
        attempt.sent_at = None
    return Opened(attempt, credential, route, woken)


def _stay_in_line(user: User, generation: Generation) -> None:
    if user.is_paused:
        waiting.rest_locked(generation)
    else:
        claims.put_back(generation, WAIT_FOR_PLACE_SECONDS, waits_for="", place_in_line=None)


def _write_attempt(
    generation: Generation, route: Route, attempt_id: UUID, credential: tokens.Credential, *, is_complete: bool
) -> Attempt:
    model = catalogue.get(generation.model)
    return Attempt.objects.create(
        pk=attempt_id,
        generation=generation,
        number=generation.submits + 1,
        provider=route.provider,
        endpoint=route.endpoint,
        version=route.version,
        token_label=credential.label,
        request=model.build_inputs(route, generation.prompt, generation.params) if is_complete else {},
        sent_at=Now() if is_complete else None,
        fuse_at=Now() + timedelta(seconds=model.deadline_seconds),
    )


def _send(generation: Generation, opened: Opened, opened_at: float) -> list[Hint]:
    attempt, credential, route, _woken = opened
    adapter = registry.connect(attempt.provider, credential)
    fields = attempt.request
    if not fields:
        try:
            files = handing.hand_over(adapter, generation, attempt)
        except (Rejected, Misconfigured, Transient) as error:
            asked_as = tokens.NOBODY if isinstance(error, handing.NOT_ASKED) else credential
            return refusing.refuse(generation, attempt, error, asked_as)
        model = catalogue.get(generation.model)
        frame = (generation.frame_width, generation.frame_height)
        fields = model.build_inputs(route, generation.prompt, generation.params, files, frame)
        opened_at = time.monotonic()
        if not _mark_sent(generation, attempt, fields):
            return []
    if reason := _why_not_now(adapter, attempt, opened_at):
        return refusing.refuse(generation, attempt, NotSent(reason))
    try:
        update = adapter.submit(job_request(generation, attempt, fields))
    except Ambiguous as error:
        logger.warning("submission_answer_unknown", attempt_id=str(attempt.pk), error=str(error))
        reporting.submission(credential, attempt.provider, attempt.endpoint, error)
        return mark_unconfirmed(generation, attempt, error.http_status)
    except (Rejected, Misconfigured, Transient) as error:
        return refusing.refuse(generation, attempt, error, credential)
    # A breadcrumb that survives even when the next commit does not.
    logger.info("submission_accepted", attempt_id=str(attempt.pk), external_id=update.external_id)
    hints = _store(attempt, update, opened_at + settings.SUBMIT_LEASE_SECONDS)
    has_recovered = reporting.submission(credential, attempt.provider, attempt.endpoint, None)
    if has_recovered or generation.waits_for == routing.PROVIDER:
        hints += lining.wake_after_recovery(attempt.provider)
    return hints


def _why_not_now(adapter: Adapter, attempt: Attempt, opened_at: float) -> str:
    if time.monotonic() - opened_at > STALE_SECONDS:
        return "this process stood still before it could send"
    if adapter.traits(attempt.endpoint).answers_at_once:
        # The answer is the picture itself, made and paid for; without room for it, it is not asked for.
        try:
            storage.require_space()
        except storage.DiskFull as error:
            return str(error)
    return ""


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
    """Keeps trying while the database is away: an id that is known should not have to be found again.

    So it does while there is nowhere to lay down a result that came with the answer: nobody has it but we.
    """
    while True:
        try:
            return applying.apply_update(attempt.pk, update, source=Kind.ACCEPTED).hints
        except (OperationalError, InterfaceError, storage.StorageAway, storage.DiskFull):
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
            if refusing.is_cancel_requested(generation):
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
