"""How long it takes in words, and whether it has taken longer: for quotes, cards, the queue and the result."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from generations.models import Generation, Stage
from generations.timings import Time

WORKING = (Stage.SUBMITTING, Stage.RUNNING, Stage.SAVING)
# Where history cannot say what is slow: so much more than the model's file says.
SLOW_FACTOR, SLOW_EXTRA = 2.5, 5


def quote_sentence(time: Time) -> str:
    """Before it is asked for: how long, and how the studio knows."""
    words = {"usual": time.usual_seconds, "slow": time.slow_seconds}
    if time.is_measured:
        return _("Usually %(usual)s s, almost always under %(slow)s s, as measured here.") % words
    return _("About %(usual)s s, as the catalogue says: too few were made here to measure.") % words


def time_sentence(row: Generation) -> str:
    """As it was promised when it was asked for; in line it has not begun to count."""
    words = {"usual": row.expected_seconds, "slow": row.slow_seconds}
    if row.stage == Stage.QUEUED:
        if row.slow_seconds:
            return _("Once sent, usually %(usual)s s, almost always under %(slow)s s") % words
        return _("Once sent, about %(usual)s s") % words
    if row.slow_seconds:
        return _("Usually %(usual)s s, almost always under %(slow)s s") % words
    return _("About %(usual)s s") % words


def slow_sentence(row: Generation) -> str:
    """What happened, whether it cost anything, what to do."""
    if row.slow_seconds:
        sentence = _(
            "Slower than usual (almost always under %(slow)s s). "
            "Nothing is lost and nothing more is charged: wait, leave the page or cancel."
        )
        return sentence % {"slow": row.slow_seconds}
    return _("Slower than usual. Nothing is lost and nothing more is charged: wait, leave the page or cancel.")


def slow_after_seconds(row: Generation) -> float:
    return row.slow_seconds or row.expected_seconds * SLOW_FACTOR + SLOW_EXTRA


def worked_seconds(row: Generation, now: datetime | None = None) -> float | None:
    """Since it was sent; None while it waits, when it has ended, and when it is being cancelled."""
    if row.stage not in WORKING or row.submitted_at is None or row.is_cancelling:
        return None
    return ((now or timezone.now()) - row.submitted_at).total_seconds()


def is_slow(row: Generation, now: datetime | None = None) -> bool:
    worked = worked_seconds(row, now)
    return worked is not None and worked > slow_after_seconds(row)
