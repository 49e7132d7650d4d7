"""running, on this machine: the provider is asked until the work has ended, because asking is what does it.

Whoever holds the row's lease does the work, in a child process that dies with it. A lease that runs out means that
nothing was done and nothing spent: the next one begins anew (docs/adr/0013).
"""

import structlog
from django.conf import settings

from generations.models import Attempt, Generation, Stage
from generations.models.event import Kind
from generations.steps import applying, claims, polling, settling
from generations.steps.hints import Hint
from media_pipeline import slots, storage
from providers import registry, tokens
from providers.contract import JobRef, JobUpdate

logger = structlog.get_logger(__name__)
# Others are being worked on.
BUSY_SECONDS = 2
TRY_AGAIN_SECONDS = 5
# There is nowhere to lay the result down.
AWAY_SECONDS = 60


def work(generation: Generation) -> list[Hint]:
    """One claimed, running generation of this machine's own: does it to its end, unless the machine is busy."""
    attempt = polling.accepted_attempt(generation)
    if attempt is None:
        return settling.settle(generation, Stage.FAILED, error_code="internal")
    try:
        storage.require_space()
        with slots.one("local", most=settings.LOCAL_JOBS_PER_MACHINE):
            update = _ask_to_the_end(generation, attempt)
    except slots.NoFreeSlot:
        claims.put_back(generation, BUSY_SECONDS)
        return []
    except storage.DiskFull:
        claims.put_back(generation, AWAY_SECONDS)
        return []
    if update is None:
        claims.put_back(generation, TRY_AGAIN_SECONDS)
        return []
    try:
        return applying.apply_update(attempt.pk, update, source=Kind.POLLED).hints
    except (storage.DiskFull, storage.StorageAway) as error:
        # Done anew when there is: it costs nobody anything.
        logger.warning("result_not_laid_down", attempt_id=str(attempt.pk), error=str(error))
        claims.put_back(generation, AWAY_SECONDS)
        return []


def _ask_to_the_end(generation: Generation, attempt: Attempt) -> JobUpdate | None:
    """The last word, or None when there is none to be had now or the lease was lost. Leaves nothing running behind."""
    is_told = False
    try:
        while claims.renew(generation):
            generation.refresh_from_db(fields=["cancel_requested_at"])
            update = polling.ask(generation, attempt)
            if update is None or update.state.is_final:
                return update
            if not is_told:
                applying.apply_update(attempt.pk, update, source=Kind.POLLED)
                is_told = True
        return None
    finally:
        _end(attempt)


def _end(attempt: Attempt) -> None:
    job = JobRef(external_id=attempt.external_id or "", endpoint=attempt.endpoint, follow_up=attempt.follow_up)
    registry.connect(attempt.provider, tokens.NOBODY).cancel(job)
