"""advance(): looks at a row, takes its lease and does the one step that is due."""

from collections.abc import Callable
from uuid import UUID

import structlog
from django.conf import settings

from generations.models import Generation, Output, Stage
from generations.models import output as outputs
from generations.models.event import Kind
from generations.steps import applying, claims, confirming, keeping, polling, refusing, settling, submitting, working
from generations.steps.hints import Hint
from providers import tokens

logger = structlog.get_logger(__name__)
STEPS: dict[str, Callable[[Generation], list[Hint]]] = {
    Stage.QUEUED: submitting.submit,
    Stage.SUBMITTING: confirming.resolve_interrupted,
    Stage.UNCONFIRMED: confirming.confirm,
    Stage.RUNNING: polling.poll,
    Stage.SAVING: keeping.keep,
}


def advance(generation_id: UUID) -> list[Hint]:
    """Does the next thing for a generation, if it is due and nobody else is at it. Returns who should look next."""
    generation = claims.claim(generation_id)
    if generation is None:
        return _advance_late(generation_id)
    if generation.tries_in_stage > settings.MAX_TRIES_PER_STAGE:
        # A step that kills its process each time must not do so for ever.
        logger.error("step_keeps_dying", generation_id=str(generation_id), stage=generation.stage)
        return _give_up_files(generation) if generation.stage == Stage.SAVING else _fail(generation, "internal")
    if claims.is_overdue(generation):
        return expire(generation)
    if _is_ours(generation):
        return working.work(generation)
    return STEPS[generation.stage](generation)


def _is_ours(generation: Generation) -> bool:
    """This machine's own work: asking about it would do it."""
    return generation.stage == Stage.RUNNING and tokens.works_here(generation.provider)


def expire(generation: Generation) -> list[Hint]:
    """A claimed generation past its deadline: the provider is asked once more, then it ends and is released."""
    if generation.stage == Stage.QUEUED:
        return _fail(generation, refusing.why_never_sent(generation))
    if generation.stage == Stage.SUBMITTING:
        return confirming.give_up(generation)
    if generation.stage == Stage.UNCONFIRMED:
        return confirming.confirm(generation, is_last=True)
    if generation.stage == Stage.SAVING:
        return _give_up_files(generation)
    attempt = polling.accepted_attempt(generation)
    update = polling.ask(generation, attempt) if attempt and not _is_ours(generation) else None
    if attempt and update and update.state.is_final:
        return applying.apply_update(attempt.pk, update, source=Kind.POLLED).hints
    to = Stage.CANCELLED if generation.cancel_requested_at else Stage.FAILED
    return settling.settle(generation, to, error_code="" if to is Stage.CANCELLED else "timed_out")


def _fail(generation: Generation, code: str) -> list[Hint]:
    return settling.settle(generation, Stage.FAILED, error_code=code)


def _give_up_files(generation: Generation) -> list[Hint]:
    """What is not there yet will not come; what is there counts."""
    Output.objects.filter(generation=generation, state=outputs.State.PENDING).update(
        state=outputs.State.FAILED, error_code="download_failed"
    )
    return keeping.finish(generation)


def _advance_late(generation_id: UUID) -> list[Hint]:
    late = Output.objects.filter(generation_id=generation_id, state=outputs.State.PENDING, is_late=True)
    if late.exists():
        keeping.keep_late(Generation.objects.get(pk=generation_id))
    return []
