"""What an operator decides by hand: about paid requests whose answer never came, and about charges to be given back.

What is to happen is judged from the row and the ledger; to show it first, and once more under the person's lock when
it is done, so that no page that was open for long decides anything.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import credits, trail
from accounts.credits import MILLI
from accounts.models import User
from accounts.statements import Statement, statement_of
from accounts.trail import Hand
from generations import lifecycle, tasks
from generations.actions import changing
from generations.models import Generation, Stage
from generations.models.event import Kind
from generations.models.generation import CHARGED_BY_HAND, NEVER_CONFIRMED
from generations.steps import settling


class Act(TextChoices):
    ASK = "ask", _("Ask the provider again")
    CHARGE = "charge", _("Settle as charged")
    RELEASE = "release", _("Settle as not charged")
    REFUND = "refund", _("Give the credits back")


class Refusal(TextChoices):
    """Why a row is left alone."""

    MOVED_ON = "moved_on", _("Somebody was faster: it is no longer in doubt.")
    BEING_ASKED = "being_asked", _("Somebody was faster: the provider is being asked already.")
    SETTLED = "settled", _("The ledger has settled it already; the check of the ledger tells more.")
    NOT_CHARGED = "not_charged", _("Nothing was charged, so there is nothing to give back.")
    GIVEN_BACK = "given_back", _("Some or all of it was given back before, and that can be done once.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """millicredits: what is moved, if nothing is in the way."""

    millicredits: int = 0
    refusal: Refusal | None = None


SAID = {
    Act.CHARGE: gettext_noop("Settled as charged, %(credits)s credits."),
    Act.RELEASE: gettext_noop("Settled as not charged, %(credits)s credits."),
    Act.REFUND: gettext_noop("Gave back %(credits)s credits."),
}


def judge(act: Act, generation: Generation, statement: Statement) -> Verdict:
    """What the act would come to now."""
    if act is Act.REFUND:
        return _judge_refund(statement)
    if generation.stage != Stage.UNCONFIRMED:
        return Verdict(refusal=Refusal.MOVED_ON)
    if act is Act.ASK:
        return Verdict()
    if generation.cost_millicredits and not statement.is_open:
        return Verdict(refusal=Refusal.SETTLED)
    return Verdict(statement.held)


def _judge_refund(statement: Statement) -> Verdict:
    """One refund a charge. What was given back in part has had it."""
    if statement.refunded:
        return Verdict(refusal=Refusal.GIVEN_BACK)
    if not statement.charged:
        return Verdict(refusal=Refusal.NOT_CHARGED)
    return Verdict(statement.charged)


def perform(act: Act, generation_id: UUID, hand: Hand) -> Verdict:
    """Does it, with its entries in ledger, timeline and audit trail, or tells why the row was left alone."""
    with transaction.atomic(durable=True):
        owner = Generation.objects.filter(pk=generation_id).values_list("user_id", flat=True).first()
        if owner is None:
            return Verdict(refusal=Refusal.MOVED_ON)
        User.objects.locked(owner)
        generation = Generation.objects.get(pk=generation_id)
        verdict = judge(act, generation, statement_of(generation.ledger_reference))
        if verdict.refusal:
            return verdict
        if act is Act.ASK:
            # Its entry is written where it is asked.
            return verdict if changing.check_again(generation, hand) else Verdict(refusal=Refusal.BEING_ASKED)
        if act is Act.REFUND:
            _refund(generation, verdict.millicredits, hand)
        else:
            _settle(generation, hand, is_charged=act is Act.CHARGE)
        trail.note(hand, [generation], SAID[act], credits=verdict.millicredits / MILLI)
        return verdict


def _settle(generation: Generation, hand: Hand, *, is_charged: bool) -> None:
    """It ends as it would by its fuse, or paid. Whatever still arrives is added to it."""
    to, code = Stage.FAILED, CHARGED_BY_HAND if is_charged else NEVER_CONFIRMED
    if generation.cancel_requested_at is not None and not is_charged:
        to, code = Stage.CANCELLED, ""
    lifecycle.record(generation.pk, generation.user_id, Kind.CHARGED if is_charged else Kind.RELEASED)
    hints = settling.settle_locked(generation, to, error_code=code, only_from=Stage.UNCONFIRMED, hand=hand)
    tasks.give_hints_on_commit(hints)


def _refund(generation: Generation, millicredits: int, hand: Hand) -> None:
    credits.refund(
        user_id=generation.user_id,
        millicredits=millicredits,
        reference=generation.ledger_reference,
        actor_id=hand.actor_id,
        note=hand.reason,
    )
    Generation.objects.filter(pk=generation.pk).update(refunded_millicredits=millicredits)
    lifecycle.record(generation.pk, generation.user_id, Kind.REFUNDED, {"millicredits": millicredits})
