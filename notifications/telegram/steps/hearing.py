"""The inbox: reads a stored update, does what it asks for once, and answers.

The act comes first and is safe to repeat; then the row is closed; then the answers go out. Who dies in between loses an
answer and never does a thing twice.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from notifications.telegram.client import Client
from notifications.telegram.conversation import understand
from notifications.telegram.errors import Blocked, TelegramError
from notifications.telegram.line import line
from notifications.telegram.models import Update
from notifications.telegram.replies import Reply
from notifications.telegram.steps import linking
from providers.bodies import json_object

logger = structlog.get_logger(__name__)
BATCH = 100
MAX_TRIES = 5
LEASE = timedelta(seconds=60)


def overdue(limit: int = BATCH) -> list[UUID]:
    """Updates that wait for longer than the webhook's hint takes."""
    patience = timedelta(seconds=settings.HINT_PATIENCE_SECONDS)
    rows = Update.objects.due().filter(received_at__lt=Now() - patience).order_by("next_try_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def hear(pk: UUID) -> None:
    """Safe to call twice, late or beside itself."""
    if not Update.objects.due().filter(pk=pk).update(tries=F("tries") + 1, next_try_at=Now() + LEASE):
        return
    row = Update.objects.get(pk=pk)
    if row.tries > MAX_TRIES:
        logger.error("telegram_update_poison", update_id=row.update_id)
        _close(row, "poison")
        return
    try:
        body = json_object(bytes(row.body))
    except ValueError:
        _close(row, "unreadable")
        return
    replies = understand(body, row.pk)
    _close(row, "answered" if replies else "ignored")
    for reply in replies:
        _send(reply)


def _close(row: Update, outcome: str) -> None:
    Update.objects.filter(pk=row.pk).update(processed_at=Now(), outcome=outcome)


def _send(reply: Reply) -> None:
    """At most once: an answer that is lost costs nothing."""
    here = line()
    if here is None:
        return
    try:
        reply.send(Client(here))
    except Blocked:
        linking.close(reply.chat_id)
    except TelegramError as error:
        logger.info("telegram_reply_lost", reason=str(error))
