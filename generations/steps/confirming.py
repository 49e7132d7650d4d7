"""submitting whose sender died, and unconfirmed: finds out whether the provider took the job, without sending it again.

A provider that honours our key is asked again with it. Others list their jobs, without our callback address, so a job
is ours when its input equals what we sent, seed included, and no other attempt has it. Absence from a list proves
nothing; the fuse decides in the end.
"""

from datetime import timedelta
from itertools import islice

import structlog
from django.conf import settings
from django.db.models.functions import Now

from generations.models import Attempt, Generation, Stage
from generations.models.attempt import State
from generations.models.event import Kind
from generations.models.generation import NEVER_CONFIRMED
from generations.steps import applying, claims, refusing, settling, submitting
from generations.steps.hints import Hint
from generations.steps.inlined import without_files
from providers import registry, tokens
from providers.contract import Adapter, JobUpdate, ListedJob
from providers.errors import NotSent, ProviderError, Unsupported

logger = structlog.get_logger(__name__)
CLOCK_SLACK = timedelta(seconds=60)
MOST_LISTED = 1000
LISTED_PER_RENEWAL = 100
SECONDS_BETWEEN_LOOKS = (5, 15, 30, 60, 120)


def resolve_interrupted(generation: Generation) -> list[Hint]:
    """The lease of a submission ran out: whoever sent it died or hangs. Its answer is unknown from now on."""
    attempt = Attempt.objects.filter(generation=generation, state=State.POSTING).first()
    if attempt is None:
        return settling.settle(generation, Stage.FAILED, error_code="internal")
    if attempt.sent_at is None:
        return refusing.refuse(generation, attempt, NotSent("the sender ended while it handed over the files"))
    return submitting.mark_unconfirmed(generation, attempt)


def confirm(generation: Generation, *, is_last: bool = False) -> list[Hint]:
    """One claimed, unconfirmed generation: adopts its job when the provider lists it, gives up after the fuse."""
    attempt = Attempt.objects.filter(generation=generation, state=State.UNKNOWN).first()
    if attempt is None:
        return settling.settle(generation, Stage.FAILED, error_code="internal")
    if update := _find(generation, attempt):
        return applying.apply_update(attempt.pk, update, source=Kind.POLLED).hints
    if is_last or _is_burnt(attempt):
        return give_up(generation)
    Attempt.objects.filter(pk=attempt.pk).update(polls=attempt.polls + 1)
    claims.put_back(generation, SECONDS_BETWEEN_LOOKS[min(attempt.polls, len(SECONDS_BETWEEN_LOOKS) - 1)])
    return []


def give_up(generation: Generation) -> list[Hint]:
    """No sign of the job after its fuse: ended and released; a result that still arrives is shown and never charged."""
    if generation.cancel_requested_at is not None:
        return settling.settle(generation, Stage.CANCELLED)
    return settling.settle(generation, Stage.FAILED, error_code=NEVER_CONFIRMED)


def _is_burnt(attempt: Attempt) -> bool:
    grace = timedelta(seconds=settings.UNCONFIRMED_GRACE_SECONDS)
    return Attempt.objects.filter(pk=attempt.pk, fuse_at__lt=Now() - grace).exists()


def _find(generation: Generation, attempt: Attempt) -> JobUpdate | None:
    credential = tokens.by_label(attempt.provider, attempt.token_label)
    if credential is None:
        return None
    adapter = registry.connect(attempt.provider, credential)
    if adapter.traits(attempt.endpoint).is_idempotent:
        return _ask_again(adapter, generation, attempt)
    job = _find_listed(adapter, generation, attempt)
    return job.update if job else None


def _ask_again(adapter: Adapter, generation: Generation, attempt: Attempt) -> JobUpdate | None:
    """The same request with the same key: this provider answers with the job it made of the first one, if it did."""
    try:
        return adapter.submit(submitting.job_request(generation, attempt, attempt.request))
    except ProviderError as error:
        logger.info("asking_again_failed", attempt_id=str(attempt.pk), error=type(error).__name__, detail=str(error))
        return None


def _find_listed(adapter: Adapter, generation: Generation, attempt: Attempt) -> ListedJob | None:
    """A listed job that can only be this attempt's: others that sent the same and wait, too, have one each."""
    found: list[ListedJob] = []
    try:
        listed = adapter.list_since(attempt.created_at - CLOCK_SLACK, attempt.endpoint)
        for number, job in enumerate(islice(listed, MOST_LISTED), start=1):
            if number % LISTED_PER_RENEWAL == 0 and not claims.renew(generation):
                return None
            if without_files(job.inputs) == attempt.request and not _is_bound(attempt, job):
                found.append(job)
    except Unsupported:
        return None
    except ProviderError as error:
        logger.info("listing_failed", attempt_id=str(attempt.pk), error=type(error).__name__)
        return None
    return found[0] if len(found) > _twins(attempt) else None


def _twins(attempt: Attempt) -> int:
    """Other attempts that sent exactly this and have no id yet; a job in the list may as well be theirs."""
    same = Attempt.objects.filter(
        provider=attempt.provider, endpoint=attempt.endpoint, request=attempt.request, external_id__isnull=True
    )
    return same.filter(state__in=[State.POSTING, State.UNKNOWN]).exclude(pk=attempt.pk).count()


def _is_bound(attempt: Attempt, job: ListedJob) -> bool:
    return Attempt.objects.filter(provider=attempt.provider, external_id=job.update.external_id).exists()
