"""Moving a wish to the front of what its person has in line. Other people's places stay as they are (ADR 0012)."""

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest, Now

from accounts.models import User
from generations import lifecycle, tasks
from generations.models import Generation, Priority, Stage, Waiting
from generations.models.event import Kind
from generations.steps.hints import hint_for


class NotInLine(Exception):
    """It is under way or has ended."""


def move_to_front(generation: Generation) -> None:
    """First of the person's own of its priority; a low one becomes normal, which anybody may ask for.

    Raises NotInLine. One in line for a token looks at once where it stands now; what else it may wait for stays.
    """
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        in_line = Generation.objects.filter(pk=generation.pk, stage=Stage.QUEUED)
        moved = in_line.update(fronted_at=Now(), priority=Greatest("priority", Value(Priority.NORMAL)))
        if not moved:
            raise NotInLine
        lifecycle.record(generation.pk, generation.user_id, Kind.FRONTED)
        free = in_line.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=Now()))
        if free.filter(waits_for=Waiting.TOKEN).update(next_action_at=Now(), hinted_at=Now()):
            tasks.give_hints_on_commit([hint_for(generation.pk, Stage.QUEUED)])
    generation.refresh_from_db()
