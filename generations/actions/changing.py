"""Cancelling, asking again, marking as seen, asking the provider once more."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts import trail
from accounts.models import User
from accounts.trail import Hand
from generations import lifecycle, tasks
from generations.actions.requesting import Answer, Wish, request_generation
from generations.models import Generation, Priority, Stage
from generations.models.event import Kind
from generations.steps import settling
from generations.steps.hints import Hint, hint_for, hints_for


class NotCancellable(Exception):
    """It has ended already, or its result is being saved."""


class NotRetryable(Exception):
    """It is still open."""


def cancel_generation(generation: Generation, hand: Hand | None = None) -> None:
    """In line: ends at once and is released. Sent: the provider is asked, and its final word decides.

    hand: the admin who does it to another's.
    """
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        generation.refresh_from_db()
        if generation.is_final or generation.stage == Stage.SAVING:
            raise NotCancellable
        is_news = generation.cancel_requested_at is None
        if generation.stage == Stage.QUEUED:
            hints = settling.settle_locked(generation, Stage.CANCELLED, is_confirmed=True)
        else:
            hints = _request_cancel(generation)
        if hand is not None and is_news:
            trail.note(hand, [generation], gettext_noop("Cancelled."))
        tasks.give_hints_on_commit(hints)
    generation.refresh_from_db()


def _request_cancel(generation: Generation) -> list[Hint]:
    open_row = Generation.objects.filter(pk=generation.pk, cancel_requested_at__isnull=True)
    if not open_row.update(cancel_requested_at=Now()):
        return []
    # A poll that is under way now ends by itself; a row without a lease is looked at right away.
    Generation.objects.filter(pk=generation.pk, lease_until__isnull=True).update(next_action_at=Now(), hinted_at=Now())
    lifecycle.record(generation.pk, generation.user_id, Kind.CANCEL_REQUESTED)
    return hints_for(generation)


def retry_generation(user: User, generation: Generation, idempotency_key: str = "") -> Answer:
    """The same wish again as a new generation, seed included. Raises NotRetryable and all of request_generation."""
    if not generation.is_final:
        raise NotRetryable
    wish = Wish(
        model_id=generation.model,
        prompt=generation.prompt,
        params=generation.params,
        inputs=files_of(generation),
        priority=Priority(generation.priority),
        retry_of=generation.pk,
        idempotency_key=idempotency_key,
    )
    return request_generation(user, wish)


def files_of(generation: Generation) -> dict[str, list[UUID]]:
    """The ids of its files by slot, in order."""
    named: dict[str, list[UUID]] = {}
    for slot, asset_id in generation.inputs.order_by("slot", "index").values_list("slot", "asset_id"):
        named.setdefault(slot, []).append(asset_id)
    return named


def mark_viewed(generation: Generation) -> None:
    """Seen once, seen for ever: it leaves the queue button, whether it has ended or not."""
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        if Generation.objects.filter(pk=generation.pk, viewed_at__isnull=True).update(viewed_at=Now()):
            lifecycle.touch(generation.pk, generation.user_id)
    generation.refresh_from_db()


def check_again(generation: Generation, hand: Hand | None = None) -> bool:
    """Has the provider asked now instead of at the next poll. False: it is being asked already, or has moved on.

    hand: the admin who does it to another's.
    """
    rests = Generation.objects.filter(pk=generation.pk, stage__in=[Stage.RUNNING, Stage.UNCONFIRMED])
    rests = rests.filter(lease_until__isnull=True)
    with transaction.atomic():
        was_taken = bool(rests.filter(next_action_at__gt=Now()).update(next_action_at=Now(), hinted_at=Now()))
        if was_taken and hand is not None:
            trail.note(hand, [generation], gettext_noop("Asked the provider again."))
        # One that is due already may be due for long, because its message was lost.
        if was_taken or rests.update(hinted_at=Now()):
            tasks.give_hints_on_commit([hint_for(generation.pk, generation.stage, generation.provider)])
    return was_taken
