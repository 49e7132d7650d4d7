"""A pressed button: the same actions as the page's, with its limits, its credits and its sentences."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from generations import refusals, texts
from generations.actions import changing
from generations.models import Generation
from generations.views import refusing
from notifications.telegram import buttons, queue_list
from notifications.telegram.replies import Reply, Rewrite, Toast
from providers import catalogue


def press(query: Mapping[str, Any], chat_id: int, person: User | None) -> list[Reply]:
    """A stranger's button, one that we never wrote and one of another's work are answered alike."""
    toast = Toast(chat_id, str(query.get("id", ""))[:64], _("This button is not yours, or what it was for is gone."))
    asked = buttons.read(str(query.get("data") or "")[:64])
    message = query.get("message")
    if person is None or asked is None or not isinstance(message, dict):
        return [toast]
    verb, generation_id = asked
    row = Generation.objects.for_user(person).filter(pk=generation_id).first()
    if row is None:
        return [toast]
    number = message.get("message_id")
    if not isinstance(number, int):
        return [toast]
    try:
        return (_retry if verb == buttons.RETRY else _cancel)(row, person, toast, number, message)
    except refusals.EXPECTED as error:
        return [Toast(chat_id, toast.query, refusals.refusal_of(error).sentence)]


def _retry(row: Generation, person: User, toast: Toast, number: int, message: Mapping[str, Any]) -> list[Reply]:
    """The key is the message's: pressing its button twice asks once. The button becomes one that cancels."""
    usage = refusing.count(HttpRequest(), person, catalogue.get(row.model))
    if usage and usage.is_exceeded:
        return [Toast(toast.chat_id, toast.query, refusals.too_often().sentence)]
    answer = changing.retry_generation(person, row, key_of(toast.chat_id, number, row.pk))
    fresh = answer.generation
    words = {"money": texts.money_sentence(fresh)}
    said = Toast(toast.chat_id, toast.query, _("Asked for again: %(money)s.") % words)
    kept = [button for line in _rows(message) for button in line if button.get("url")]
    return [said, Rewrite(toast.chat_id, number, [[buttons.cancel(fresh.pk), *kept]])]


def _cancel(row: Generation, person: User, toast: Toast, number: int, message: Mapping[str, Any]) -> list[Reply]:
    changing.cancel_generation(row)
    said = Toast(toast.chat_id, toast.query, texts.cancel_sentence(row))
    if queue_list.is_one(message):
        fresh = queue_list.shown(person, toast.chat_id)
        return [said, Rewrite(toast.chat_id, number, fresh.keyboard, fresh.text)]
    kept = [[button for button in line if button.get("url")] for line in _rows(message)]
    return [said, Rewrite(toast.chat_id, number, [line for line in kept if line])]


def key_of(chat_id: int, message_id: int, generation_id: UUID) -> str:
    return f"telegram:{chat_id}:{message_id}:{generation_id}"


def _rows(message: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The buttons below a message as Telegram sends them back."""
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    return rows if isinstance(rows, list) else []
