"""Telegram as notifications.channels knows it: one notification is one message, with the file where there is one."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from generations.models import Generation
from notifications.channels.contract import SENT, Outcome, Result
from notifications.models import Delivery, Kind
from notifications.telegram import buttons
from notifications.telegram.client import Client, File
from notifications.telegram.errors import Blocked, NotDone, Refused, Unanswered
from notifications.telegram.line import line
from notifications.telegram.models import Chat
from notifications.telegram.parcels import Busy, parcel_of
from notifications.telegram.steps import linking
from notifications.texts import message_of

WITH_FILE = frozenset({Kind.COMPLETED, Kind.LATE})


class Telegram:
    name = "telegram"
    label = "Telegram"
    # Each has buttons of its own.
    gathers = False
    panel = "notifications/telegram/_panel.html"

    @property
    def is_offered(self) -> bool:
        """Without a bot there is nothing to be seen of it."""
        return line() is not None

    def is_available(self, person: User) -> bool:
        return self.is_offered and Chat.objects.working().filter(user=person).exists()

    def deliver(self, deliveries: Sequence[Delivery]) -> Outcome:
        """Sent at most once (ADR 0036): only what Telegram surely did not take is tried again."""
        (delivery,) = deliveries
        here = line()
        chat = Chat.objects.working().filter(user_id=delivery.notification.user_id).first()
        if here is None or chat is None:
            return Outcome(Result.REFUSED, "not_linked")
        row = _row(delivery)
        try:
            file = parcel_of(row) if row and delivery.notification.kind in WITH_FILE else None
        except Busy:
            return Outcome(Result.RETRY, "busy")
        return _send(Client(here), chat, _words(delivery, row), _keyboard(delivery), file)


def _send(client: Client, chat: Chat, words: str, keyboard: list[Any], file: File | None) -> Outcome:
    try:
        client.send(chat.chat_id, words, keyboard, file)
    except NotDone as error:
        return Outcome(Result.RETRY, _reason(error), error.retry_after_seconds)
    except Blocked:
        linking.close(chat.chat_id)
        return Outcome(Result.REFUSED, "blocked")
    except Refused:
        # Surely not sent: if it was for the file, the words go alone.
        return _send(client, chat, words, keyboard, None) if file else Outcome(Result.REFUSED, "refused")
    except Unanswered:
        return Outcome(Result.UNKNOWN, "cut_off")
    return SENT


def _reason(error: NotDone) -> str:
    return {"Throttled": "too_many", "TokenInvalid": "token_refused"}.get(type(error).__name__, "not_reachable")


def _row(delivery: Delivery) -> Generation | None:
    """The person's own, with its files, unless it is in the trash by now."""
    pk = delivery.notification.generation_id
    if pk is None:
        return None
    return Generation.objects.for_user(delivery.notification.user).shown().with_outputs().filter(pk=pk).first()


def _words(delivery: Delivery, row: Generation | None) -> str:
    message = message_of(delivery.notification)
    lines = [message.title, message.body]
    if row and delivery.notification.kind in WITH_FILE and len(row.assets) > 1:
        lines.append(_("The first of %(count)s; the others are in the studio.") % {"count": len(row.assets)})
    return "\n".join(line for line in lines if line)


def _keyboard(delivery: Delivery) -> list[Any]:
    notification = delivery.notification
    keys = [buttons.open_page(message_of(notification).url)]
    if notification.kind == Kind.FAILED and notification.generation_id:
        keys.insert(0, buttons.retry(notification.generation_id))
    return [keys]
