"""One Redis client a process, for the health check."""

from functools import cache

from django.conf import settings
from redis import Redis


@cache
def client() -> Redis:
    timeout = settings.REDIS_TIMEOUT_SECONDS
    return Redis.from_url(f"{settings.REDIS_URL}/1", socket_timeout=timeout, socket_connect_timeout=timeout)
