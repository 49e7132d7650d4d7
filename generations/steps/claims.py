"""Leases: who is working on a row, for how long, without holding a lock while the network is slow."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Case, F, When
from django.db.models.functions import Least, Now

from generations.models import Generation, Stage


def lease_seconds(stage: str) -> float:
    """Always longer than the step's own time limit."""
    if stage == Stage.QUEUED:
        return float(settings.SUBMIT_LEASE_SECONDS)
    if stage == Stage.SAVING:
        return float(settings.MEDIA_LEASE_SECONDS)
    return float(settings.POLL_LEASE_SECONDS)


def claim(generation_id: UUID) -> Generation | None:
    """Takes a due row for one step, or None when it is not due, held by another or over."""
    stage = Generation.objects.filter(pk=generation_id).values_list("stage", flat=True).first()
    if stage is None:
        return None
    lease = timedelta(seconds=lease_seconds(stage))
    token = uuid4()
    claimed = (
        Generation.objects.filter(pk=generation_id, stage=stage)
        .due()
        .update(
            lease_until=Now() + lease,
            lease_token=token,
            next_action_at=Now() + lease,
            tries_in_stage=F("tries_in_stage") + 1,
        )
    )
    if not claimed:
        return None
    # By the token: whatever was moved in between belongs to somebody else already.
    return Generation.objects.filter(pk=generation_id, lease_token=token).select_related("user").first()


def is_overdue(generation: Generation) -> bool:
    """By the database's clock, as everything that has to do with time."""
    return Generation.objects.filter(pk=generation.pk, deadline_at__lte=Now()).exists()


def renew(generation: Generation) -> bool:
    """Keeps the lease while a long step goes on. False: it was lost, stop."""
    lease = timedelta(seconds=lease_seconds(generation.stage))
    held = Generation.objects.filter(pk=generation.pk, stage=generation.stage, lease_token=generation.lease_token)
    return bool(held.update(lease_until=Now() + lease, next_action_at=Now() + lease))


def put_back(generation: Generation, seconds: float, **columns: Any) -> bool:
    """Ends a step that left the stage as it was: look again in so many seconds, at the deadline at the latest.

    At once when the person has asked to cancel since the row was claimed. A row whose lease was lost meanwhile is left
    to its new holder, but the step did end: it was slow and did not die.
    """
    at_stage = Generation.objects.filter(pk=generation.pk, stage=generation.stage)
    held = at_stage.filter(lease_token=generation.lease_token)
    later: Least | Case = Least(Now() + timedelta(seconds=seconds), F("deadline_at"))
    if generation.cancel_requested_at is None:
        later = Case(When(cancel_requested_at__isnull=False, then=Now()), default=later)
    is_held = bool(
        held.update(
            lease_until=None,
            lease_token=None,
            tries_in_stage=0,
            hints=0,
            hinted_at=None,
            next_action_at=later,
            **columns,
        )
    )
    if not is_held:
        at_stage.update(tries_in_stage=0)
    return is_held
