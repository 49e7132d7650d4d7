"""What people do in their chat with the bot: start it, write, press a button, block it. Each is an update."""

import secrets
import time
from typing import Any

from providers.sandbox.desk import Desk
from providers.sandbox.telegram import posting
from providers.sandbox.telegram.chats import BOT, Update


class Impossible(Exception):
    """No person could do that; the message says why."""


def write(desk: Desk, person_id: int, text: str) -> Update:
    """A message; "/start" also opens the chat."""
    chats = desk.telegram
    person = chats.person(person_id)
    if text.split(" ", maxsplit=1)[0] == "/start":
        person = chats.person(person_id, has_started=True, has_blocked=False)
    message: dict[str, Any] = {
        "message_id": chats.next_message_id,
        "from": person.shown,
        "chat": person.chat,
        "date": int(time.time()),
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(" ", maxsplit=1)[0])}]
    return posting.tell(desk, message=chats.keep(message))


def press(desk: Desk, person_id: int, message_id: int, data: str, *, is_forged: bool = False) -> tuple[Update, str]:
    """A button of a message; the update, and the id of the query. is_forged: one that the message does not have."""
    chats = desk.telegram
    message = chats.messages.get(message_id)
    if message is None:
        raise Impossible(f"there is no message {message_id}")
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    if not is_forged and data not in [button.get("callback_data") for row in rows for button in row]:
        raise Impossible(f"message {message_id} has no button {data!r}")
    query = str(secrets.randbelow(10**18))
    chats.queries[query] = desk.clock.now()
    pressed = {"id": query, "from": chats.person(person_id).shown, "message": message, "data": data}
    return posting.tell(desk, callback_query={**pressed, "chat_instance": str(person_id)}), query


def block(desk: Desk, person_id: int, *, is_blocked: bool) -> Update:
    """Blocking, or unblocking."""
    person = desk.telegram.person(person_id, has_blocked=is_blocked)
    before, after = ("member", "kicked") if is_blocked else ("kicked", "member")
    sides = {
        "old_chat_member": {"user": BOT, "status": before},
        "new_chat_member": {"user": BOT, "status": after},
    }
    happened = {"chat": person.chat, "from": person.shown, "date": int(time.time()), **sides}
    return posting.tell(desk, my_chat_member=happened)
