"""Hands updates to the bot's webhook, in their order, and again until they are taken or a day old."""

import asyncio
import json
from typing import Any

from providers.sandbox.courier import post
from providers.sandbox.desk import Desk
from providers.sandbox.telegram.chats import Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
# Unverified: the documentation says "a reasonable amount of attempts".
DELAYS_SECONDS = (1, 2, 5, 15, 60, 300, 3600)


def tell(desk: Desk, **body: Any) -> Update:
    """Something happened that the bot has to hear."""
    update = desk.telegram.add_update(body)
    post_waiting(desk)
    return update


def post_waiting(desk: Desk) -> None:
    """Starts the one who posts, unless it is under way or there is nowhere to post to."""
    if desk.telegram.url and (desk.posting is None or desk.posting.done()):
        desk.posting = asyncio.get_running_loop().create_task(_post_all(desk))


async def post_once(desk: Desk, update: Update, *, secret: str | None = None) -> int | str:
    """One attempt; a network failure is an answer, too. secret: another one than was agreed, or "" for none."""
    chats = desk.telegram
    given = chats.secret if secret is None else secret
    headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: given} if given else {})
    body = json.dumps(update.body, ensure_ascii=False).encode()
    answer = await asyncio.to_thread(post, chats.url, body, headers)
    chats.note_answer(update, answer)
    return answer


async def _post_all(desk: Desk) -> None:
    while waiting := [update for update in desk.telegram.updates.values() if _is_due(update)]:
        update = waiting[0]
        await post_once(desk, update)
        if not update.is_taken and _is_due(update):
            delay = DELAYS_SECONDS[len(update.answers) - 1]
            await desk.clock.sleep_until(desk.clock.now() + delay)


def _is_due(update: Update) -> bool:
    return not update.is_taken and len(update.answers) <= len(DELAYS_SECONDS)
