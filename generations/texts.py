"""Sentences about a generation that pages, sockets and the API share: what failed, what it cost, where it stands."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from generations.failures import failure_of
from generations.formats import credits_text
from generations.models import Generation, Stage
from generations.models.event import Kind


def error_sentence(row: Generation) -> str:
    """What happened, whether it cost anything, what to do; "" unless it failed."""
    if row.stage != Stage.FAILED:
        return ""
    if row.error_code == "timed_out":
        # The words the people of the replaced system know.
        return _("The waiting time was exceeded. Nothing was charged. Try again.")
    failure = failure_of(row.error_code)
    words = {"title": failure.title, "advice": failure.advice}
    if not row.is_charged:
        return _("%(title)s. %(advice)s Nothing was charged.") % words
    words["money"] = money_sentence(row)
    return _("%(title)s. %(advice)s Credits: %(money)s.") % words


def stage_sentence(row: Generation) -> str:
    """The stage as people say it; in line also what for, and before whom."""
    if row.is_cancelling:
        return _("Cancelling…")
    if row.waits_for == "pause":
        return _("Paused by you")
    if row.waits_for == "token":
        return _in_line(row.place_in_line) % {"provider": row.provider.capitalize(), "place": row.place_in_line}
    if row.waits_for == "provider":
        return _("Waiting until %(provider)s answers again") % {"provider": row.provider.capitalize()}
    return str(Stage(row.stage).label)


def _in_line(place: int | None) -> str:
    """A whole sentence for each form that a language may give the number."""
    if place is None:
        return _("Waiting for a free %(provider)s token")
    if place == 1:
        return _("Waiting for a free %(provider)s token, next in line")
    last = 0 if place % 100 in {11, 12, 13} else place % 10
    if last == 1:
        return _("Waiting for a free %(provider)s token, %(place)dst in line")
    if last == 2:  # noqa: PLR2004
        return _("Waiting for a free %(provider)s token, %(place)dnd in line")
    if last == 3:  # noqa: PLR2004
        return _("Waiting for a free %(provider)s token, %(place)drd in line")
    return _("Waiting for a free %(provider)s token, %(place)dth in line")


def money_sentence(row: Generation) -> str:
    """The money chip: held, charged, given back."""
    if not row.cost_millicredits:
        return _("free")
    cost = credits_text(row.cost_millicredits)
    if row.is_charged:
        charged = credits_text(row.cost_millicredits - row.refunded_millicredits)
        if row.refunded_millicredits:
            back = credits_text(row.refunded_millicredits)
            return _("charged %(charged)s cr, %(back)s given back") % {"charged": charged, "back": back}
        return _("charged %(amount)s cr") % {"amount": charged}
    if row.is_final:
        return _("not charged · %(amount)s cr given back") % {"amount": cost}
    return _("%(amount)s cr held") % {"amount": cost}


def cancel_sentence(row: Generation) -> str:
    """What came of cancelling, truly; "" where nobody asked for it. Reads the row's events."""
    if row.stage == Stage.CANCELLED:
        end = next((event for event in row.events.all() if event.kind == Kind.CANCELLED), None)
        if end is not None and end.data.get("confirmed"):
            return _("It was stopped. Nothing was charged.")
        return _("The provider never confirmed that it stopped. Nothing was charged.")
    if row.cancel_requested_at is None or row.stage == Stage.FAILED:
        return ""
    if row.stage == Stage.COMPLETED:
        return _("It was ready before it could be stopped, so it was charged.")
    return _("The provider was asked to stop. If it is finished first, you get the result and it is charged.")


def elapsed_seconds(row: Generation, now: datetime | None = None) -> float:
    """Since it was asked for, until it ended or now."""
    return ((row.completed_at or now or timezone.now()) - row.created_at).total_seconds()
