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

from generations import auditing, measuring, sweeps
from generations.breaker import Breaker
from generations.models import Heartbeat
from generations.steps import advancing, emptying, hearing, packing, pooling, sweeping
from generations.steps.hints import Hint
from generations.sweeps import Count, Sweep, removed
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


@shared_task(name="generations.tasks.check_ledger")
def check_ledger(**_later: Any) -> int:
    """Whether the money still adds up. Answers how many findings; they are logged, and kept for the operator's page."""
    return sum(one.total for one in auditing.check_ledger())


@shared_task(name="generations.tasks.measure_times")
def measure_times(**_later: Any) -> int:
    """How long work has taken lately. Answers how many rows it wrote."""
    return measuring.measure()


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
    """Tells of everything again; what was found, by name."""
    due = sweeping.overdue_hints()
    told = {one: give_hints([one.hint]) for one in due}
    heard = {one: publish(hear, "events", delivery_id=str(one.delivery_id)) for one in sweeping.waiting_deliveries()}
    late = {pk: give_hints([Hint(pk, "media")]) for pk in sweeping.late_outputs()}
    exports = {pk: publish(pack, "media", export_id=str(pk)) for pk in packing.waiting()}
    places = pooling.give_back_lost()
    sweeps.count({
        Sweep.UNTOLD: _told(was for one, was in told.items() if not one.was_told),
        Sweep.OVERDUE: _told(was for one, was in told.items() if one.was_told),
        Sweep.DELIVERIES: _told(was for one, was in heard.items() if one.is_late),
        Sweep.LATE: _told(late.values()),
        Sweep.EXPORTS: _told(exports.values()),
        Sweep.PLACES: removed(places),
    })  # fmt: skip
    return {
        "overdue": len(due),
        "deliveries": len(heard),
        "late": len(late),
        "places": places,
        "exports": len(exports),
    }


def clean_up_now() -> dict[str, int]:
    """Removes it; how much, by name."""
    # What only needs the database comes first: files may lie in a bucket that is away.
    old = sweeping.forget_old()
    trash, archives = emptying.purge(), packing.forget_old()
    orphans = media_sweeping.delete_orphans(older_than_seconds=settings.STALE_AFTER_SECONDS * 2)
    sweeps.count({
        Sweep.TRASH: removed(trash),
        Sweep.ARCHIVES: removed(archives),
        Sweep.IDEMPOTENCY_KEYS: removed(old["idempotency_keys"]),
        Sweep.OLD_DELIVERIES: removed(old["deliveries"]),
        Sweep.HANDED_OVER: removed(old["handed_over"]),
        Sweep.PARTS: Count(*orphans["parts"]),
        Sweep.FILES: Count(*orphans["files"]),
    })  # fmt: skip
    return old | {"trash": trash, "archives": archives} | {name: one.removed for name, one in orphans.items()}


def _told(answers: Iterable[bool]) -> Count:
    """Each of them was found; repaired is what a message could be sent of."""
    given = list(answers)
    return Count(len(given), sum(given))


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
