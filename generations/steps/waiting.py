"""A queued row that cannot go on now says why, so that its card can."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from generations import lifecycle
from generations.models import Generation, Waiting
from generations.models.event import Kind
from generations.steps import claims


def wait(generation: Generation, reason: str, seconds: float) -> None:
    """Ends the step; the person's pages hear of it when the reason is a new one."""
    if generation.waits_for == reason:
        claims.put_back(generation, seconds)
        return
    with transaction.atomic(durable=True):
        if User.objects.locked(generation.user_id).is_paused:
            rest_locked(generation)
        else:
            wait_locked(generation, reason, seconds)


def wait_locked(
    generation: Generation, reason: str, seconds: float, *, place: int | None = None, **fields: Any
) -> None:
    """The same inside a transaction that holds the person's lock. place: in the line, for pages to tell."""
    is_put_back = claims.put_back(generation, seconds, waits_for=reason, place_in_line=place, **fields)
    if is_put_back and (generation.waits_for, generation.place_in_line) != (reason, place):
        lifecycle.touch(generation.pk, generation.user_id)


def rest_locked(generation: Generation) -> None:
    """Its person's line is paused: it looks again when that ends. Inside a transaction that holds the person's lock.

    The clock of its patience stands still meanwhile, but not for ever: credits are held for it.
    """
    # What it waited for when it was claimed may be long over.
    generation.refresh_from_db(fields=["waits_for"])
    seconds = settings.PAUSE_PATIENCE_SECONDS
    if generation.waits_for == Waiting.PAUSE:
        claims.put_back(generation, seconds)
        return
    end = Now() + timedelta(seconds=seconds)
    if claims.put_back(generation, seconds, waits_for=Waiting.PAUSE, place_in_line=None, deadline_at=end):
        lifecycle.record(generation.pk, generation.user_id, Kind.PAUSED)
