"""Celery wiring: a message is a hint, perhaps lost, doubled or late. Each task looks, does one step, names the next."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from generations.breaker import Breaker
from generations.models import Heartbeat
from generations.steps import advancing, emptying, hearing, packing, pooling, sweeping
from generations.steps.hints import Hint
from media_pipeline import sweeping as media_sweeping

logger = structlog.get_logger(__name__)
breaker = Breaker("celery")
HINT_EXPIRES_SECONDS = 60
SHORTEST_LIMIT_SECONDS = 5.0


@shared_task(name="generations.tasks.advance")
def advance(*, generation_id: str, **_later: Any) -> None:
    """Does what is due for one generation."""
    advance_now(UUID(generation_id))


@shared_task(name="generations.tasks.hear")
def hear(*, delivery_id: str, **_later: Any) -> None:
    """Applies one stored webhook."""
    hear_now(UUID(delivery_id))


@shared_task(name="generations.tasks.pack")
def pack(*, export_id: str, **_later: Any) -> None:
    """Packs one archive."""
    packing.pack(UUID(export_id))


@shared_task(name="generations.tasks.sweep")
def sweep(**_later: Any) -> dict[str, int]:
    """What hints have missed; pulse does the same every second."""
    return sweep_now()


@shared_task(name="generations.tasks.clean_up")
def clean_up(**_later: Any) -> dict[str, int]:
    """What nobody needs any more: old keys and deliveries, the trash of long ago, files without a row."""
    return clean_up_now()


@shared_task(name="generations.tasks.record_heartbeat")
def record_heartbeat(*, name: str, **_later: Any) -> None:
    """Proof that a queue is consumed, not merely that a process is up."""
    Heartbeat.objects.beat(name)


def advance_now(generation_id: UUID) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(generation_id=str(generation_id))
    give_hints(advancing.advance(generation_id))


def hear_now(delivery_id: UUID) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(delivery_id=str(delivery_id))
    give_hints(hearing.process_delivery(delivery_id))


def sweep_now() -> dict[str, int]:
    hints = [hint for hint, _hints in sweeping.overdue_hints()]
    give_hints(hints)
    deliveries = sweeping.waiting_deliveries()
    for delivery_id in deliveries:
        publish(hear, "events", delivery_id=str(delivery_id))
    late = sweeping.late_outputs()
    give_hints(Hint(generation_id, "media") for generation_id in late)
    exports = packing.waiting()
    for export_id in exports:
        publish(pack, "media", export_id=str(export_id))
    places = pooling.give_back_lost()
    return {
        "overdue": len(hints),
        "deliveries": len(deliveries),
        "late": len(late),
        "places": places,
        "exports": len(exports),
    }


def clean_up_now() -> dict[str, int]:
    trash = {"trash": emptying.purge(), "archives": packing.forget_old()}
    orphans = media_sweeping.delete_orphans(older_than_seconds=settings.STALE_AFTER_SECONDS * 2)
    return sweeping.forget_old() | trash | orphans


def give_hints(hints: Iterable[Hint]) -> bool:
    """Publishes; False when any could not be. Nothing depends on it: pulse looks every second."""
    return all([publish(advance, hint.queue, generation_id=str(hint.generation_id)) for hint in hints])  # noqa: C419


def give_hints_on_commit(hints: Iterable[Hint]) -> None:
    given = list(hints)
    transaction.on_commit(lambda: give_hints(given), robust=True)


def _time_limit(queue: str) -> float | None:
    """Below the lease of the queue's step, so that a step that hangs ends before another may begin."""
    leases = {"submit": settings.SUBMIT_LEASE_SECONDS, "poll": settings.POLL_LEASE_SECONDS}
    return max(SHORTEST_LIMIT_SECONDS, leases[queue] * 0.9) if queue in leases else None


def publish(task: Any, queue: str, **kwargs: str) -> bool:
    """Sends one message, once. After a failure none are tried for a moment, so that a dead Redis costs one time-out."""
    if not breaker.is_closed:
        return False
    try:
        task.apply_async(
            kwargs=kwargs, queue=queue, expires=HINT_EXPIRES_SECONDS, retry=False, soft_time_limit=_time_limit(queue)
        )
    except (OperationalError, RedisError, OSError) as error:
        breaker.trip(settings.PUBLISH_PAUSE_SECONDS)
        logger.warning("hint_not_published", queue=queue, error=type(error).__name__)
        return False
    return True
