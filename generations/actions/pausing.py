"""A person's whole line: it pauses, so that nothing more is started, and goes on."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from generations import lifecycle, notices, tasks
from generations.models import Generation, Stage, Waiting
from generations.models.event import Kind
from generations.steps import waiting
from generations.steps.hints import hint_for


def pause_line(user: User) -> None:
    """What is under way goes on; what waits keeps its place among the person's own and its credits stay held.

    A row that somebody is looking at now is left to them: they find the pause under the same lock.
    """
    with transaction.atomic(durable=True):
        if User.objects.locked(user.pk).is_paused:
            return
        User.objects.filter(pk=user.pk).update(paused_at=Now())
        free = _in_line(user).filter(Q(lease_until__isnull=True) | Q(lease_until__lte=Now()))
        for generation in free:
            waiting.rest_locked(generation)
        _touch(user)


def resume_line(user: User) -> None:
    """Everything looks for a place at once, the first in line first, with the whole of its patience before it."""
    with transaction.atomic(durable=True):
        if not User.objects.locked(user.pk).is_paused:
            return
        User.objects.filter(pk=user.pk).update(paused_at=None)
        ids = list(_in_line(user).filter(waits_for=Waiting.PAUSE).values_list("pk", flat=True))
        patience = timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS)
        Generation.objects.filter(pk__in=ids).update(
            waits_for="", next_action_at=Now(), deadline_at=Now() + patience, hinted_at=Now()
        )
        for pk in ids:
            lifecycle.record(pk, user.pk, Kind.RESUMED)
        _touch(user)
        tasks.give_hints_on_commit([hint_for(pk, Stage.QUEUED) for pk in ids])


def _in_line(user: User) -> QuerySet[Generation]:
    return Generation.objects.for_user(user).filter(stage=Stage.QUEUED).in_own_order()


def _touch(user: User) -> None:
    """Pages show the pause itself, also where nothing waits."""
    User.objects.filter(pk=user.pk).update(seq=F("seq") + 1)
    user.refresh_from_db(fields=["seq", "paused_at"])
    notices.announce_on_commit(user.pk, user.seq)
