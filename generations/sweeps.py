"""How much each sweep found and repaired, counted in Redis, so that every process adds to the same numbers.

They outlive processes, not an emptied Redis: then they begin anew, which Prometheus expects of a counter. Without Redis
nothing is counted, and nothing else is different.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, cast

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from generations.breaker import Breaker
from generations.redis_client import client

logger = structlog.get_logger(__name__)
breaker = Breaker("sweeps")
KEY = "sweeps:counted"


class Sweep(StrEnum):
    """What is looked for; deploy/README.md says when it counts as found and as repaired."""

    UNTOLD = "untold"
    OVERDUE = "overdue"
    DELIVERIES = "deliveries"
    LATE = "late"
    EXPORTS = "exports"
    PLACES = "places"
    IDEMPOTENCY_KEYS = "idempotency_keys"
    OLD_DELIVERIES = "old_deliveries"
    HANDED_OVER = "handed_over"
    TRASH = "trash"
    ARCHIVES = "archives"
    PARTS = "parts"
    FILES = "files"


class Count(NamedTuple):
    found: int = 0
    repaired: int = 0


def removed(number: int) -> Count:
    """Of a sweep that finds and repairs in one statement."""
    return Count(number, number)


def count(counts: Mapping[Sweep, Count]) -> None:
    """Adds, in one round trip; none when there is nothing to add."""
    added = [
        (f"{sweep}:{name}", number)
        for sweep, counted in counts.items()
        for name, number in counted._asdict().items()
        if number
    ]
    if not added or not breaker.is_closed:
        return
    try:
        with client().pipeline(transaction=False) as pipe:
            for field, number in added:
                pipe.hincrby(KEY, field, number)
            pipe.execute()
    except (RedisError, OSError) as error:
        breaker.trip(settings.PUBLISH_PAUSE_SECONDS)
        logger.warning("sweep_not_counted", error=type(error).__name__)


def totals() -> dict[Sweep, Count]:
    """Every sweep's numbers; empty without Redis, because a zero would be a lie."""
    try:
        known = cast("dict[bytes, bytes]", client().hgetall(KEY))
    except (RedisError, OSError):
        return {}
    return {sweep: Count(*(int(known.get(f"{sweep}:{name}".encode(), 0)) for name in Count._fields)) for sweep in Sweep}
