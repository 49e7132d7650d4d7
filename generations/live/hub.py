"""Wakes this process's sockets when their person changes.

Messages of the channel layer are the fast way. A look at the database every few seconds, one query for all
connected people, bounds how old a page can be when Redis is slow, restarted or gone.
"""

import asyncio
from collections import defaultdict
from typing import Any, Protocol

import structlog
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from generations.notices import group_of

logger = structlog.get_logger(__name__)
SECONDS_AFTER_FAILURE = 1.0


class Listener(Protocol):
    user_id: int

    def nudge(self, seq: int) -> None: ...


class Hub:
    def __init__(self) -> None:
        self._listeners: dict[int, list[Listener]] = defaultdict(list)
        self._tasks: list[asyncio.Task[None]] = []
        self._channel: str | None = None

    def join(self, listener: Listener) -> list[Listener]:
        """Adds a socket. Returns those of the person's that are now too many, oldest first."""
        mine = self._listeners[listener.user_id]
        mine.append(listener)
        if not self._tasks:
            loop = asyncio.get_running_loop()
            self._tasks = [loop.create_task(self._listen()), loop.create_task(self._tick())]
        asyncio.get_running_loop().create_task(self._subscribe(listener.user_id))
        return mine[: max(0, len(mine) - settings.SOCKETS_PER_USER)]

    def leave(self, listener: Listener) -> None:
        mine = self._listeners[listener.user_id]
        if listener in mine:
            mine.remove(listener)
        if not mine:
            del self._listeners[listener.user_id]

    def _nudge(self, user_id: int, seq: int) -> None:
        for listener in tuple(self._listeners.get(user_id, ())):
            listener.nudge(seq)

    async def _listen(self) -> None:
        layer: Any = get_channel_layer()
        while True:
            try:
                self._channel = await layer.new_channel()
                for user_id in tuple(self._listeners):
                    await layer.group_add(group_of(user_id), self._channel)
                while True:
                    message = await layer.receive(self._channel)
                    self._nudge(message["user_id"], message["seq"])
            except (RedisError, OSError, TimeoutError) as error:
                self._channel = None
                logger.info("live_without_redis", error=type(error).__name__)
                await asyncio.sleep(SECONDS_AFTER_FAILURE)

    async def _subscribe(self, user_id: int) -> None:
        if self._channel is None:
            return
        layer: Any = get_channel_layer()
        try:
            await layer.group_add(group_of(user_id), self._channel)
        except (RedisError, OSError, TimeoutError) as error:
            logger.info("live_not_subscribed", error=type(error).__name__)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(settings.SOCKET_TICK_SECONDS)
            try:
                for user_id, seq in await database_sync_to_async(_seqs)(tuple(self._listeners)):
                    self._nudge(user_id, seq)
            except (OperationalError, InterfaceError) as error:
                logger.info("live_without_database", error=type(error).__name__)


def _seqs(user_ids: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(User.objects.filter(pk__in=user_ids).values_list("pk", "seq"))


hub = Hub()
