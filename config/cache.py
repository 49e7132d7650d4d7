"""Redis as a cache that may be gone: reads find nothing, writes do nothing, and the request goes on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from generations.breaker import Breaker

logger = structlog.get_logger(__name__)
breaker = Breaker("cache")


def forgiving(method: Callable[..., Any], fallback: Any) -> Callable[..., Any]:
    """The method, or the fallback when Redis does not answer; then nothing is tried for a moment."""

    @wraps(method)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if not breaker.is_closed:
            return fallback
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError) as error:
            breaker.trip(settings.PUBLISH_PAUSE_SECONDS)
            logger.warning("cache_without_redis", error=type(error).__name__)
            return fallback

    return wrapper


class ForgivingRedisCache(RedisCache):
    """add() says "added" without Redis, so that a counter behind it starts at one and nobody is refused."""

    add = forgiving(RedisCache.add, fallback=True)
    set = forgiving(RedisCache.set, fallback=None)
    touch = forgiving(RedisCache.touch, fallback=False)
    delete = forgiving(RedisCache.delete, fallback=False)
    has_key = forgiving(RedisCache.has_key, fallback=False)
    incr = forgiving(RedisCache.incr, fallback=1)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return forgiving(super().get, fallback=default)(key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return forgiving(super().get_many, fallback={})(keys, version)
