"""Celery wiring: a message is a hint. Beat and pulse look at the same rows."""

from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings

from generations.tasks import publish
from notifications.steps import delivering, noticing


@shared_task(name="notifications.tasks.deliver")
def deliver(*, delivery_id: str, **_later: Any) -> None:
    """Sends one notification by one channel."""
    deliver_now(UUID(delivery_id))


@shared_task(name="notifications.tasks.sweep")
def sweep(**_later: Any) -> None:
    """What pulse does every second: notes what ended and tells again of what waits."""
    look_for_news()
    look_for_deliveries()


def deliver_now(delivery_id: UUID) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(delivery_id=str(delivery_id))
    delivering.deliver(delivery_id)


def look_for_news() -> None:
    """Writes down what ended."""
    noticing.notice()


def look_for_deliveries() -> None:
    """A hint for everything due; where hints cannot be given, the step itself.

    One row at a time: one that breaks ends this look and bears its mark, and the next look goes on with the others.
    """
    for _number in range(delivering.BATCH):
        found = delivering.due(limit=1)
        if not found:
            return
        [(delivery_id, hints)] = found
        if hints >= settings.HINTS_BEFORE_INLINE or not publish(deliver, "default", delivery_id=str(delivery_id)):
            deliver_now(delivery_id)
