"""The methods of the Bot API that the sandbox has. Each gives the `result` of its answer, or raises Refused."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from providers.sandbox.desk import Desk
from providers.sandbox.telegram import posting, sending
from providers.sandbox.telegram.chats import BOT
from providers.sandbox.telegram.problems import bad
from providers.sandbox.telegram.reading import Call

Method = Callable[[Desk, Call], Any]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ANSWER_WITHIN_SECONDS = 15
LONGEST_TOAST = 200


def get_me(desk: Desk, call: Call) -> Any:
    del desk, call
    return {**BOT, "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}


def set_webhook(desk: Desk, call: Call) -> Any:
    url = urlsplit(call.text("url"))
    # The one thing that is allowed here and not at Telegram: plain http on loopback.
    if call.text("url") and url.scheme != "https" and url.hostname not in LOOPBACK:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    desk.telegram.set_webhook(call.text("url"), call.text("secret_token"))
    posting.post_waiting(desk)
    return True


def delete_webhook(desk: Desk, call: Call) -> Any:
    del call
    desk.telegram.set_webhook("", "")
    return True


def get_webhook_info(desk: Desk, call: Call) -> Any:
    del call
    chats = desk.telegram
    waiting = [update for update in chats.updates.values() if not update.is_taken]
    info = {"url": chats.url, "has_custom_certificate": False, "pending_update_count": len(waiting)}
    if failed := [update.answers[-1] for update in waiting if update.answers]:
        info["last_error_message"] = f"Wrong response from the webhook: {failed[-1]}"
    return info


def answer_callback_query(desk: Desk, call: Call) -> Any:
    asked_at = desk.telegram.queries.pop(call.text("callback_query_id"), None)
    if asked_at is None or desk.clock.now() - asked_at > ANSWER_WITHIN_SECONDS:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    desk.telegram.toasts.append({"query": call.text("callback_query_id"), "text": call.text("text")})
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "answercallbackquery": answer_callback_query,
    "sendmessage": lambda desk, call: sending.send(desk.telegram, call, "text"),
    "sendphoto": lambda desk, call: sending.send(desk.telegram, call, "photo"),
    "sendvideo": lambda desk, call: sending.send(desk.telegram, call, "video"),
    "senddocument": lambda desk, call: sending.send(desk.telegram, call, "document"),
    "editmessagetext": lambda desk, call: sending.edit(desk.telegram, call, text=True),
    "editmessagereplymarkup": lambda desk, call: sending.edit(desk.telegram, call, text=False),
}
