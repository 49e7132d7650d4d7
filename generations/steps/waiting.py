"""A queued row that cannot go on now says why, so that its card can."""

from typing import Any

from django.db import transaction

from accounts.models import User
from generations import lifecycle
from generations.models import Generation
from generations.steps import claims


def wait(generation: Generation, reason: str, seconds: float) -> None:
    """Ends the step; the person's pages hear of it when the reason is a new one."""
    if generation.waits_for == reason:
        claims.put_back(generation, seconds)
        return
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        wait_locked(generation, reason, seconds)


def wait_locked(
    generation: Generation, reason: str, seconds: float, *, place: int | None = None, **fields: Any
) -> None:
    """The same inside a transaction that holds the person's lock. place: in the line, for pages to tell."""
    is_put_back = claims.put_back(generation, seconds, waits_for=reason, place_in_line=place, **fields)
    if is_put_back and (generation.waits_for, generation.place_in_line) != (reason, place):
        lifecycle.touch(generation.pk, generation.user_id)
