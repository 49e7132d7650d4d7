"""Celery wiring of the Telegram channel, and what pulse looks at each second."""

from typing import Any
from uuid import UUID

from celery import shared_task

from generations.tasks import publish
from notifications.telegram.line import line
from notifications.telegram.steps import hearing, linking, setting_up


@shared_task(name="notifications.telegram.tasks.hear")
def hear(*, update: str, **_later: Any) -> None:
    """Hears one stored update."""
    hearing.hear(UUID(update))


@shared_task(name="notifications.telegram.tasks.set_up")
def set_up(**_later: Any) -> None:
    """Tells Telegram where its updates go."""
    setting_up.set_up()


def look() -> None:
    """What hints have missed. A demo and a studio with a bot look; every other one returns at once."""
    if line() is None:
        return
    for pk in hearing.overdue():
        hearing.hear(pk)
    linking.note_closed()
    if setting_up.is_due() and not publish(set_up, "default"):
        setting_up.set_up()
