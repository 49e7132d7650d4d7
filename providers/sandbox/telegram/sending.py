"""Messages of the bot: checked as the Bot API checks them, kept, and what they look like in an answer."""

import hashlib
import json
import time
from typing import Any

from providers.sandbox.telegram.chats import BOT, LONGEST_DATA, Chats
from providers.sandbox.telegram.problems import Refused, bad
from providers.sandbox.telegram.reading import Call, File

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
MOST_PHOTO_BYTES = 10 * 1024 * 1024
NO_CHAT = "chat not found"


def send(chats: Chats, call: Call, kind: str) -> dict[str, Any]:
    """kind: text, photo, video or document. Raises Refused."""
    person = _reachable(chats, call)
    message: dict[str, Any] = {
        "message_id": chats.next_message_id,
        "from": BOT,
        "chat": person.chat,
        "date": int(time.time()),
    }
    if kind == "text":
        text = call.text("text")
        if not text.strip():
            raise bad("message text is empty")
        if len(text) > LONGEST_TEXT:
            raise bad("message is too long")
        message["text"] = text
    else:
        if len(call.text("caption")) > LONGEST_CAPTION:
            raise bad("message caption is too long")
        message |= _media(chats, call, kind, message["message_id"])
        if call.text("caption"):
            message["caption"] = call.text("caption")
    if markup := _markup(call):
        message["reply_markup"] = markup
    return chats.keep(message)


def edit(chats: Chats, call: Call, *, text: bool) -> dict[str, Any]:
    """Other buttons, or another text with other buttons. Raises Refused."""
    person = _reachable(chats, call)
    message = chats.messages.get(call.number("message_id", "message identifier is not specified"))
    if message is None or message["chat"]["id"] != person.id or message["from"] != BOT:
        raise bad("message to edit not found")
    changed = {name: value for name, value in message.items() if name not in {"reply_markup", "edit_date"}}
    if text:
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        changed["text"] = call.text("text")
    if markup := _markup(call):
        changed["reply_markup"] = markup
    if changed == {name: value for name, value in message.items() if name != "edit_date"}:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    return chats.keep({**changed, "edit_date": int(time.time())})


def _reachable(chats: Chats, call: Call) -> Any:
    person = chats.people.get(call.number("chat_id", "chat_id is empty"))
    if person is None or not person.has_started:
        raise bad(NO_CHAT)
    if person.has_blocked:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return person


def _markup(call: Call) -> dict[str, Any] | None:
    markup = call.nested("reply_markup")
    if not markup:
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise bad("object expected as reply markup")
    for button in (button for row in rows for button in row):
        data = button.get("callback_data")
        if not button.get("text"):
            raise bad("inline keyboard button text is empty")
        if data is None and not button.get("url"):
            raise bad("text buttons are unallowed in the inline keyboard")
        if data is not None and not 0 < len(str(data).encode()) <= LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    return {"inline_keyboard": rows} if rows else None


def _media(chats: Chats, call: Call, kind: str, number: int) -> dict[str, Any]:
    file = call.files.get(kind)
    if file is None:
        if not call.text(kind).startswith(("http://", "https://")):
            raise bad(f"there is no {kind} in the request")
        return {kind: {"file_id": call.text(kind), "file_unique_id": f"url{number}"}}
    if not file.content:
        raise bad("file must be non-empty")
    if kind == "photo" and len(file.content) > MOST_PHOTO_BYTES:
        raise bad(f"file of size {len(file.content)} bytes is too big for a photo; the maximum size is 10 MB")
    chats.files.mkdir(parents=True, exist_ok=True)
    (chats.files / str(number)).write_bytes(file.content)
    about = {"name": file.name, "content_type": file.content_type}
    (chats.files / f"{number}.json").write_text(json.dumps(about), encoding="utf-8")
    facts = _facts(file, number)
    return {kind: [facts] if kind == "photo" else {**facts, "file_name": file.name, "mime_type": file.content_type}}


def _facts(file: File, number: int) -> dict[str, Any]:
    unique = hashlib.sha256(file.content).hexdigest()[:16]
    return {"file_id": f"SANDBOX{number}", "file_unique_id": unique, "file_size": len(file.content)}
