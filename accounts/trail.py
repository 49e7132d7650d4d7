"""Who did what in Django admin, to which row and why: Django's own log, one entry an act. Reading it: accounts.telling.

An entry holds names, numbers and a reason; never a secret, and no sentence: that is made for whoever reads it, in
their language. It is written in the act's own transaction, or before the act where that has none.
"""

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar, NamedTuple, cast

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import override

REPR = 200


class Hand(NamedTuple):
    """An admin at work, and what they gave as the reason, where one was asked for.

    key: the same when a form is sent twice, for acts that are not to happen again; "" where no form was sent.
    """

    actor_id: int
    reason: str = ""
    key: str = ""


def hand_of(request: HttpRequest, reason: str = "", key: str = "") -> Hand:
    return Hand(cast("int", request.user.pk), reason, key)


def note(hand: Hand, rows: Iterable[Model], said: str, **facts: str | float) -> None:
    """One entry a row. said: a message to be translated when it is read, with the names of the facts in it."""
    message = json.dumps([{"act": {"said": said, "facts": facts, "reason": hand.reason}}], ensure_ascii=False)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=hand.actor_id,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row)[:REPR],
            action_flag=CHANGE,
            change_message=message,
        )
        for row in rows
    )


def noted(action: Callable[..., Any]) -> Callable[..., Any]:
    """An action of somebody else's, with an entry a row.

    They come first: an entry without its act is better than an act without its entry.
    """
    if action is delete_selected:
        return action  # asks first, and writes its own

    @wraps(action)
    def act(model_admin: Any, request: HttpRequest, rows: Any) -> Any:
        with override(None):
            said = str(getattr(action, "short_description", action.__name__))
        note(hand_of(request), rows.all(), said)
        return action(model_admin, request, rows)

    return act


class TrailedAdmin(admin.ModelAdmin[Any]):
    """A form's entry names the fields that were changed, as always; of those in `told` also from what to what."""

    told: ClassVar[tuple[str, ...]] = ()

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: Any = False) -> Any:  # noqa: FBT002
        message = super().construct_change_message(request, form, formsets, add)
        names = [name for name in form.changed_data if name in self.told]
        if add or not names or not isinstance(message, list):
            return message
        with override(None):
            labels = {name: str(self.opts.get_field(name).verbose_name) for name in names}  # type: ignore[union-attr]
        values = {labels[name]: [_plain(form.initial.get(name)), _plain(form.cleaned_data[name])] for name in names}
        return [*message, {"values": values}]


def _plain(value: Any) -> str | int | bool | None:
    """As it stands in the database."""
    return value if value is None or isinstance(value, int) else str(value)
