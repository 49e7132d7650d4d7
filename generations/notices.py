"""Tells a person's open pages that something changed: "you are at change S", never what. And pulse that work is due.

The message may be lost; every socket looks for itself every few seconds. After a failure nothing is sent for a
moment, so that a Redis that is gone costs one time-out and not one per change.
"""

import structlog
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

from generations.breaker import Breaker
from generations.redis_client import client

logger = structlog.get_logger(__name__)
breaker = Breaker("notices")
DUE = "due"


def channel_of(user_id: int) -> str:
    """The Redis channel of one person; a `live` process listens to those of its sockets' people."""
    return f"person:{user_id}"


def announce_on_commit(user_id: int, seq: int, *, is_due: bool = False) -> None:
    """Says "user N is at change S" once the change is there to be read; is_due wakes pulse in the same trip."""
    transaction.on_commit(lambda: announce(user_id, seq, is_due=is_due), robust=True)


def announce(user_id: int, seq: int, *, is_due: bool = False) -> None:
    if not breaker.is_closed:
        return
    try:
        with client().pipeline(transaction=False) as trip:
            trip.publish(channel_of(user_id), seq)
            if is_due:
                trip.publish(DUE, 1)
            trip.execute()
    except (RedisError, OSError) as error:
        breaker.trip(settings.PUBLISH_PAUSE_SECONDS)
        logger.info("notice_not_sent", user_id=user_id, error=type(error).__name__)
