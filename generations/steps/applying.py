"""The provider said something: by its answer, a webhook or a poll. All meet here; applying twice changes nothing."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from generations import lifecycle
from generations.models import Attempt, Delivery, Generation, Output, Stage
from generations.models.attempt import LIVE, State
from generations.models.delivery import Outcome
from generations.models.event import Event, Kind
from generations.models.output import MAX_OUTPUTS, MAX_URL
from generations.steps import pooling, schedule, settling
from generations.steps.hints import Hint, hint_for, hints_for
from media_pipeline import spool
from providers import tokens
from providers.contract import JobState, JobUpdate

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of an update, and who should look next."""

    outcome: Outcome
    hints: list[Hint] = field(default_factory=list)


def apply_update(attempt_id: UUID, update: JobUpdate, *, source: Kind, delivery: Delivery | None = None) -> Applied:
    """Brings a generation to where the provider says it is, in one transaction with the delivery that told it."""
    update = _with_addresses(attempt_id, update)
    with transaction.atomic(durable=True):
        owner = Attempt.objects.values_list("generation__user_id", flat=True).get(pk=attempt_id)
        User.objects.locked(owner)
        attempt = Attempt.objects.select_related("generation").get(pk=attempt_id)
        if delivery is not None and not _take(delivery):
            return Applied(Outcome.STALE)
        applied = _apply(attempt, update, source)
        if delivery is not None:
            Delivery.objects.filter(pk=delivery.pk).update(outcome=applied.outcome)
        return applied


def _with_addresses(attempt_id: UUID, update: JobUpdate) -> JobUpdate:
    """Results that came inside the answer are laid down first; only then do all outputs have an address."""
    urls = [url for url in update.output_urls if not spool.is_spooled(url)]
    for index, content in enumerate(update.inline_outputs[:MAX_OUTPUTS]):
        urls.append(spool.lay_down(content, name=f"{attempt_id}-{index}"))
    return replace(update, output_urls=tuple(urls), inline_outputs=())


def _take(delivery: Delivery) -> bool:
    return bool(Delivery.objects.filter(pk=delivery.pk, processed_at__isnull=True).update(processed_at=Now()))


def _apply(attempt: Attempt, update: JobUpdate, source: Kind) -> Applied:  # noqa: PLR0911  (one line a case)
    if not _bind(attempt, update):
        logger.warning("update_for_another_job", attempt_id=str(attempt.pk), external_id=update.external_id)
        return Applied(Outcome.ORPHAN)
    generation = attempt.generation
    _note_figures(attempt, update)
    if generation.is_final:
        return _apply_late(generation, update)
    if generation.stage == Stage.SAVING:
        # The provider's last word has been heard; what comes after it is older or about files it has since deleted.
        return Applied(Outcome.STALE)
    if not update.state.is_final:
        return _note_progress(attempt, update, source)
    if source is not Kind.ACCEPTED:
        lifecycle.record(generation.pk, generation.user_id, source)
    if update.state is JobState.SUCCEEDED and usable_urls(update):
        return _start_saving(attempt, update)
    if update.state is JobState.CANCELLED and generation.cancel_requested_at is not None:
        return Applied(Outcome.APPLIED, settling.settle_locked(generation, Stage.CANCELLED, is_confirmed=True))
    code = _failure_code(update)
    Attempt.objects.filter(pk=attempt.pk).update(error_class=code, error_detail=update.error_detail[:2000])
    return Applied(Outcome.APPLIED, settling.settle_locked(generation, Stage.FAILED, error_code=code))


def _failure_code(update: JobUpdate) -> str:
    if update.state is JobState.CANCELLED:
        # Nobody here asked for it: the provider's own limit did.
        return "provider_timed_out"
    if update.state is JobState.SUCCEEDED:
        return "no_output"
    return str(update.error_code) or "provider_failed"


def _bind(attempt: Attempt, update: JobUpdate) -> bool:
    """Stores the provider's id the first time it is heard; False when the update is about another job."""
    if attempt.external_id is not None:
        is_same = attempt.external_id == update.external_id
        if is_same and update.follow_up and not attempt.follow_up:
            # A webhook came before the answer to the submit, and only the answer says where to ask.
            Attempt.objects.filter(pk=attempt.pk).update(follow_up=dict(update.follow_up))
        return is_same
    taken = Attempt.objects.filter(provider=attempt.provider, external_id=update.external_id).exists()
    if taken or attempt.state in {State.REFUSED, State.CLOSED}:
        return False
    state = State.ACCEPTED if attempt.state in LIVE else attempt.state
    Attempt.objects.filter(pk=attempt.pk).update(
        external_id=update.external_id, state=state, accepted_at=Now(), follow_up=dict(update.follow_up)
    )
    attempt.external_id, attempt.state = update.external_id, state
    generation = attempt.generation
    if not generation.is_final:
        seconds = min(schedule.first_poll_seconds(generation), settings.POLL_CAP_SECONDS)
        lifecycle.move(
            generation.pk,
            generation.user_id,
            Stage.RUNNING,
            Kind.ACCEPTED,
            {"external_id": update.external_id},
            next_action_at=Now() + timedelta(seconds=0 if generation.is_cancelling else seconds),
            **_patience(generation),
        )
        generation.refresh_from_db()
    return True


def _patience(generation: Generation) -> dict[str, Any]:
    """Its own work has a limit from when it is begun; until then it waits as long as in the person's line."""
    if not tokens.works_here(generation.provider):
        return {}
    patience = timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS)
    return {"hinted_at": Now(), "deadline_at": F("created_at") + patience}


def _note_figures(attempt: Attempt, update: JobUpdate) -> None:
    """What the provider measured and counted, kept when it is said."""
    said = {"provider_seconds": update.provider_seconds, "billed_units": update.billed_units}
    figures = {name: value for name, value in said.items() if value is not None}
    if figures:
        Attempt.objects.filter(pk=attempt.pk).update(**figures)


def _note_progress(attempt: Attempt, update: JobUpdate, source: Kind) -> Applied:
    generation = attempt.generation
    if update.queue_position != attempt.queue_position:
        Attempt.objects.filter(pk=attempt.pk).update(queue_position=update.queue_position)
        lifecycle.touch(generation.pk, generation.user_id)
    started = Event.objects.filter(generation=generation, kind=Kind.STARTED).exists()
    if update.state is JobState.RUNNING and not started:
        lifecycle.record(generation.pk, generation.user_id, Kind.STARTED)
        return Applied(Outcome.APPLIED)
    if source is Kind.ACCEPTED:
        is_ours = tokens.works_here(generation.provider)
        return Applied(Outcome.APPLIED, hints_for(generation) if is_ours else [])
    return Applied(Outcome.STALE)


def _start_saving(attempt: Attempt, update: JobUpdate) -> Applied:
    generation = attempt.generation
    _add_outputs(generation, update, is_late=False)
    won = lifecycle.move(
        generation.pk,
        generation.user_id,
        Stage.SAVING,
        Kind.SAVING,
        {"files": len(usable_urls(update))},
        next_action_at=Now(),
        deadline_at=Now() + timedelta(seconds=settings.STALE_AFTER_SECONDS),
        hinted_at=Now(),
    )
    if not won:
        return Applied(Outcome.STALE)
    woken = pooling.give_back(Attempt.objects.filter(pk=attempt.pk))
    return Applied(Outcome.APPLIED, [hint_for(generation.pk, Stage.SAVING), *woken])


def _apply_late(generation: Generation, update: JobUpdate) -> Applied:
    """A success after the end: attached, flagged, shown, and no money moves."""
    is_news = generation.stage in {Stage.FAILED, Stage.CANCELLED} and update.state is JobState.SUCCEEDED
    if not is_news or not usable_urls(update) or Output.objects.filter(generation=generation).exists():
        return Applied(Outcome.STALE)
    _add_outputs(generation, update, is_late=True)
    was_paid = generation.is_charged
    lifecycle.record(generation.pk, generation.user_id, Kind.LATE_AND_PAID if was_paid else Kind.LATE)
    return Applied(Outcome.LATE, [Hint(generation.pk, "media")])


def usable_urls(update: JobUpdate) -> list[str]:
    """Addresses that can be kept: at most sixteen, none longer than the column."""
    return [url for url in update.output_urls if len(url) <= MAX_URL][:MAX_OUTPUTS]


def _add_outputs(generation: Generation, update: JobUpdate, *, is_late: bool) -> None:
    Output.objects.bulk_create(
        (
            Output(generation=generation, index=index, source_url=url, is_late=is_late)
            for index, url in enumerate(usable_urls(update))
        ),
        ignore_conflicts=True,
    )
