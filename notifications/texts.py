"""The words of a notification, made when it is shown, in the language that is active. A closed list."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generations import texts
from generations.formats import credits_text
from generations.models import Generation
from notifications.models import Kind, Notification

LONGEST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Message:
    """title: one line, what happened. body: whether it cost anything, what to do. url: absolute."""

    title: str
    body: str
    url: str


def message_of(notification: Notification) -> Message:
    """Reads notification.generation."""
    return Message(title_of(notification), body_of(notification), f"{settings.PUBLIC_URL}{path_of(notification)}")


def path_of(notification: Notification) -> str:
    return reverse("notification", args=[notification.pk])


def title_of(notification: Notification) -> str:
    return _title(notification, words_of(notification.generation))


def title_of_several(first: Notification, count: int) -> str:
    """Of so many of one kind; what they are called stands below it."""
    return _title(first, str(count))


def _title(notification: Notification, words: str) -> str:
    if notification.kind == Kind.ARCHIVE:
        is_lost = notification.data.get("state") == "failed"
        return _("An archive could not be packed") if is_lost else _("Your archive is ready")
    titles = {
        Kind.COMPLETED: _("Ready: %(words)s"),
        Kind.FAILED: _("Failed: %(words)s"),
        Kind.LATE: _("Came after the end: %(words)s"),
        Kind.REFUNDED: _("Given back: %(words)s"),
        Kind.CREDITS_LOW: _("Your credits are running low"),
        Kind.CHANNEL_OFF: _("Telegram is closed to this studio"),
    }
    return titles[Kind(notification.kind)] % {"words": words}


def body_of(notification: Notification) -> str:
    row, data = notification.generation, notification.data
    match notification.kind:
        case Kind.FAILED if row is not None:
            return texts.error_sentence(row)
        case Kind.COMPLETED | Kind.LATE if row is not None:
            return f"{row.model_name} · {texts.money_sentence(row)}"
        case Kind.REFUNDED:
            amount = credits_text(data.get("millicredits", 0))
            return _("The operator gave back %(amount)s cr. You can use them at once.") % {"amount": amount}
        case Kind.ARCHIVE:
            return _archive(data)
        case Kind.CREDITS_LOW:
            amount = credits_text(data.get("millicredits", 0))
            return _("%(amount)s cr are left. Ask the operator for more before they are gone.") % {"amount": amount}
    is_off = notification.kind == Kind.CHANNEL_OFF
    return _("You blocked the bot, so nothing more is sent there. Unblock it there to go on.") if is_off else ""


def words_of(generation: Generation | None) -> str:
    """The first words of the prompt, one line without control characters; some models take none."""
    if generation is None:
        return ""
    lines = (_printable(line) for line in generation.prompt.splitlines())
    shown = next((line for line in lines if line), generation.model_name)
    return shown if len(shown) <= LONGEST_WORDS else f"{shown[: LONGEST_WORDS - 1].rstrip()}…"


def _printable(line: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())


def _archive(data: dict[str, Any]) -> str:
    if data.get("state") == "failed":
        return _("It cost nothing. Ask for it again in the library.")
    files = data.get("files", 0)
    packed = ngettext("%(count)d file was packed.", "%(count)d files were packed.", files) % {"count": files}
    hours = settings.EXPORT_HOURS
    kept = ngettext("It can be fetched for %(count)d hour.", "It can be fetched for %(count)d hours.", hours)
    return f"{packed} {kept % {'count': hours}}"
