"""The end of a generation: final stage, credits, event, slot and change number in one transaction."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts import credits
from accounts.models import User
from accounts.trail import Hand
from generations import lifecycle
from generations.models import Attempt, Generation, Output, Stage, Waiting
from generations.models import output as outputs
from generations.models.attempt import LIVE, State
from generations.models.event import Kind
from generations.models.generation import CHARGED_BY_HAND, GenerationQuerySet
from generations.steps import pooling
from generations.steps.hints import Hint, hint_for

EVENTS = {Stage.COMPLETED: Kind.COMPLETED, Stage.FAILED: Kind.FAILED, Stage.CANCELLED: Kind.CANCELLED}


def settle(generation: Generation, to: Stage, *, error_code: str = "") -> list[Hint]:
    """Ends a generation from the stage it was claimed at; one that has moved on meanwhile is left to go on.

    Returns a hint for the person's next in line.
    """
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        return settle_locked(generation, to, error_code=error_code, only_from=Stage(generation.stage))


def settle_locked(
    generation: Generation,
    to: Stage,
    *,
    error_code: str = "",
    only_from: Stage | None = None,
    is_confirmed: bool = False,
    hand: Hand | None = None,
) -> list[Hint]:
    """As settle(), inside a transaction that holds the person's lock, from any open stage unless told.

    is_confirmed: the provider has said that it stopped, or never had it. hand: the admin who does it, for the ledger.
    """
    data: dict[str, Any] = {"code": error_code} if error_code else {}
    data |= {"confirmed": True} if is_confirmed else {}
    if not lifecycle.move(
        generation.pk, generation.user_id, to, EVENTS[to], data, only_from=only_from, error_code=error_code
    ):
        return []
    by: dict[str, Any] = {"actor_id": hand.actor_id, "note": hand.reason} if hand else {}
    if error_code == CHARGED_BY_HAND:
        credits.capture(user_id=generation.user_id, reference=generation.ledger_reference, **by)
    elif to is Stage.COMPLETED:
        _charge(generation)
    else:
        credits.release(user_id=generation.user_id, reference=generation.ledger_reference, **by)
    alive = Attempt.objects.filter(generation=generation, state__in=LIVE)
    woken = pooling.give_back(alive)
    # Without the provider's id the work may still be going on there: given up, not closed.
    alive.filter(external_id__isnull=True).update(state=State.DEAD)
    alive.filter(external_id__isnull=False).update(state=State.CLOSED)
    return [*wake_next(generation.user_id), *woken]


def waiting(user_id: int) -> GenerationQuerySet:
    """The person's line without those that a provider has told to come back later, and nobody while it is paused."""
    rows = Generation.objects.filter(user_id=user_id, stage=Stage.QUEUED).exclude(waits_for=Waiting.PAUSE)
    return rows.filter(Q(submits=0) | Q(next_action_at__lte=Now()))


def wake_next(user_id: int) -> list[Hint]:
    """A place became free: the first that rests is due now. Whoever is awake before it finds a place without help."""
    line = waiting(user_id).in_own_order().values_list("pk", flat=True)
    first = line.filter(next_action_at__gt=Now(), lease_until__isnull=True).first() or line.first()
    if first is None:
        return []
    Generation.objects.filter(pk=first, stage=Stage.QUEUED, lease_until__isnull=True).update(
        next_action_at=Now(), hinted_at=Now()
    )
    return [hint_for(first, Stage.QUEUED)]


def _charge(generation: Generation) -> None:
    """Charges what was held; the share of files that never came or were lost goes back in the same transaction."""
    charged = credits.capture(user_id=generation.user_id, reference=generation.ledger_reference)
    stored = Output.objects.filter(generation=generation, state=outputs.State.STORED).count()
    refunded = charged * max(0, generation.outputs_expected - stored) // generation.outputs_expected
    if refunded:
        credits.refund(user_id=generation.user_id, millicredits=refunded, reference=generation.ledger_reference)
        Generation.objects.filter(pk=generation.pk).update(refunded_millicredits=refunded)
