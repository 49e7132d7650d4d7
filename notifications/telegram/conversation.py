"""What an update asks for, done and answered: commands, pressed buttons, a bot that was blocked.

Whoever writes is known by the chat that they linked, and by nothing else; only private chats are heard.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.telegram import pressing, queue_list
from notifications.telegram.models import Chat
from notifications.telegram.replies import Reply, Say
from notifications.telegram.steps import linking

LONGEST_WORDS = 256


def understand(update: Mapping[str, Any], heard: UUID) -> list[Reply]:
    """heard: the row of the update. Does what is asked for; safe to repeat with the same row."""
    if isinstance(query := update.get("callback_query"), dict):
        return _answered(query, lambda chat, person: pressing.press(query, chat, person))
    if isinstance(message := update.get("message"), dict) and _is_private(message):
        return _answered(message, lambda chat, person: _said(message, chat, person, heard))
    if isinstance(change := update.get("my_chat_member"), dict) and _is_private(change):
        _member(change)
    return []


def _answered(body: Mapping[str, Any], answer: Callable[[int, User | None], list[Reply]]) -> list[Reply]:
    """In the person's language; a stranger's is the one they use Telegram in, if it is one of ours."""
    sender = body.get("from")
    chat_id = sender.get("id") if isinstance(sender, dict) else None
    if not isinstance(chat_id, int) or not isinstance(sender, dict):
        return []
    chat = Chat.objects.filter(chat_id=chat_id, user__is_active=True).select_related("user").first()
    person = chat.user if chat else None
    theirs = str(sender.get("language_code", ""))[:2]
    language = (person.language if person else "") or (theirs if theirs in dict(settings.LANGUAGES) else "")
    with translation.override(language or settings.LANGUAGE_CODE):
        return answer(chat_id, person)


def _is_private(body: Mapping[str, Any]) -> bool:
    chat = body.get("chat")
    return isinstance(chat, dict) and chat.get("type") == "private"


def _said(message: Mapping[str, Any], chat_id: int, person: User | None, heard: UUID) -> list[Reply]:
    command, _blank, rest = str(message.get("text") or "")[:LONGEST_WORDS].strip().partition(" ")
    if command == "/start" and rest:
        return [_linked(message, rest.strip(), chat_id, heard)]
    if person is None:
        words = _("This chat is nobody's yet. Connect Telegram in the studio, where you choose what you are told of.")
        return [Say(chat_id, words)]
    linking.reopen(chat_id)
    if command == "/queue":
        return [queue_list.shown(person, chat_id)]
    if command == "/stop":
        linking.unlink(person)
        return [Say(chat_id, _("Disconnected. Nothing more will come here."))]
    return [Say(chat_id, _("I send you what is ready. /queue shows what is under way, /stop disconnects this chat."))]


def _linked(message: Mapping[str, Any], nonce: str, chat_id: int, heard: UUID) -> Reply:
    sender = message["from"]
    name = " ".join(str(sender[part]) for part in ("first_name", "last_name") if sender.get(part))
    person = linking.link(nonce, chat_id, name.replace("\x00", ""), heard)
    if person is None:
        return Say(chat_id, _("This link has been used or is too old. Make a new one in the studio and open it here."))
    with translation.override(person.language or translation.get_language()):
        words = {"email": person.email}
        return Say(
            chat_id,
            _(
                "Connected with %(email)s. What is ready and what failed comes here from now on. "
                "/queue shows what is under way, /stop disconnects this chat."
            )
            % words,
        )


def _member(change: Mapping[str, Any]) -> None:
    new, chat_id = change.get("new_chat_member"), change["chat"].get("id")
    if not isinstance(new, dict) or not isinstance(chat_id, int):
        return
    if new.get("status") == "kicked":
        linking.close(chat_id)
    elif new.get("status") == "member":
        linking.reopen(chat_id)
