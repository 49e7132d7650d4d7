"""Sentences about a generation that pages, sockets and the API share: what failed, what it cost, where it stands."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from generations.failures import failure_of
from generations.formats import credits_text
from generations.models import Generation, Stage


def error_sentence(row: Generation) -> str:
    """What happened, whether it cost anything, what to do; "" unless it failed."""
    if row.stage != Stage.FAILED:
        return ""
    if row.error_code == "timed_out":
        # The words the people of the replaced system know.
        return _("The waiting time was exceeded. Nothing was charged. Try again.")
    failure = failure_of(row.error_code)
    return _("%(title)s. %(advice)s Nothing was charged.") % {"title": failure.title, "advice": failure.advice}


def money_sentence(row: Generation) -> str:
    """The money chip: held, charged, given back."""
    if not row.cost_millicredits:
        return _("free")
    cost = credits_text(row.cost_millicredits)
    if row.stage == Stage.COMPLETED:
        charged = credits_text(row.cost_millicredits - row.refunded_millicredits)
        if row.refunded_millicredits:
            back = credits_text(row.refunded_millicredits)
            return _("charged %(charged)s cr, %(back)s given back") % {"charged": charged, "back": back}
        return _("charged %(amount)s cr") % {"amount": charged}
    if row.is_final:
        return _("not charged · %(amount)s cr given back") % {"amount": cost}
    return _("%(amount)s cr held") % {"amount": cost}


def elapsed_seconds(row: Generation, now: datetime | None = None) -> float:
    """Since it was asked for, until it ended or now."""
    return ((row.completed_at or now or timezone.now()) - row.created_at).total_seconds()
