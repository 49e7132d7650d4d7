"""What a person has under way, as one message with a button to cancel each."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from generations import texts
from generations.models import Generation, Stage
from notifications.telegram import buttons
from notifications.telegram.replies import Say
from notifications.texts import words_of

SHOWN = 10
A_ROW = 5


def shown(person: User, chat_id: int) -> Say:
    """Two queries at most: the first ten, and how many there are."""
    rows = list(Generation.objects.for_user(person).open().in_own_order()[: SHOWN + 1])
    if not rows:
        return Say(chat_id, _("Nothing is under way."))
    lines = [_line(number, row) for number, row in enumerate(rows[:SHOWN], start=1)]
    if len(rows) > SHOWN:
        more = Generation.objects.for_user(person).open().count() - SHOWN
        lines.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    keys = [
        buttons.cancel(row.pk, _("Cancel %(number)s") % {"number": number})
        for number, row in enumerate(rows[:SHOWN], start=1)
        if row.stage != Stage.SAVING and not row.is_cancelling
    ]
    return Say(chat_id, "\n\n".join(lines), [keys[start : start + A_ROW] for start in range(0, len(keys), A_ROW)])


def is_one(message: Mapping[str, Any]) -> bool:
    """Whether it is such a list: ours with a text that begins with a number."""
    return str(message.get("text") or "").startswith("1. ")


def _line(number: int, row: Generation) -> str:
    words = {"number": number, "words": words_of(row), "stage": texts.stage_sentence(row)}
    return _("%(number)s. %(words)s\n%(stage)s · %(money)s") % {**words, "money": texts.money_sentence(row)}
