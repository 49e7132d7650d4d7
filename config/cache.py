"""Redis as a cache that may be gone: reads find nothing, writes do nothing, and the request goes on."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from generations.breaker import Breaker

logger = structlog.get_logger(__name__)
breaker = Breaker("cache")
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


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


class OneClient(RedisCacheClient):
    """One client for all commands: Django's makes one for each, which takes longer than the command itself."""

    @cached_property
    def client(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self.client


class ForgivingRedisCache(RedisCache):
    """add() says "added" without Redis, so that a counter behind it starts at one and nobody is refused."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient

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


class Counters(ForgivingRedisCache):
    """For django-ratelimit alone, which adds a counter and, if it was there, increments it: up to three round trips,
    made one here. Whoever adds has counted already, and incr() only says the number. A thread has a cache of its own.
    """

    counted = 1

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        self.counted = self._count(self.make_and_validate_key(key, version=version), self.get_backend_timeout(timeout))
        return self.counted == 1

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self.counted

    def _count(self, key: str, seconds: float | None) -> int:
        return int(forgiving(self._script, fallback=1)(keys=[key], args=[seconds]))

    @cached_property
    def _script(self) -> Any:
        return self._cache.get_client().register_script(COUNT)
