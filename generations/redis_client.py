"""One Redis client a process, for nudges and the health check. Celery and the cache bring their own."""

from functools import cache

from django.conf import settings
from redis import Redis


@cache
def client() -> Redis:
    """Answers or fails within REDIS_TIMEOUT_SECONDS; safe to use after a fork."""
    timeout = settings.REDIS_TIMEOUT_SECONDS
    return Redis.from_url(f"{settings.REDIS_URL}/2", socket_timeout=timeout, socket_connect_timeout=timeout)
