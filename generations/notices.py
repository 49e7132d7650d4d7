"""Tells a person's open pages that something changed: "you are at change S", never what.

The message may be lost; every socket looks for itself every few seconds. After a failure nothing is sent for a
moment, so that a Redis that is gone costs one time-out and not one per change.
"""

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

from generations.breaker import Breaker

logger = structlog.get_logger(__name__)
breaker = Breaker("notices")


def group_of(user_id: int) -> str:
    """The channel group of one person; nobody else is ever in it."""
    return f"user.{user_id}"


def announce_on_commit(user_id: int, seq: int) -> None:
    """Says "user N is at change S" once the change is there to be read."""
    transaction.on_commit(lambda: announce(user_id, seq), robust=True)


def announce(user_id: int, seq: int) -> None:
    if not breaker.is_closed:
        return
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(user_id), {"type": "person.changed", "user_id": user_id, "seq": seq})
    except (RedisError, OSError, TimeoutError) as error:
        breaker.trip(settings.PUBLISH_PAUSE_SECONDS)
        logger.info("notice_not_sent", user_id=user_id, error=type(error).__name__)
