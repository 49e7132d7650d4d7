"""Wakes this process's sockets when their person changes.

Redis channels are the fast way. A look at the database every few seconds, one query for all connected people,
bounds how old a page can be when Redis is slow, restarted or gone. Every minute it shows the door to sockets whose
session has ended. When the process is told to end, it lets everybody go.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from random import random
from typing import Protocol

import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from accounts.models import User
from generations.live.sessions import Ticket, valid
from generations.notices import channel_of

logger = structlog.get_logger(__name__)
SECONDS_AFTER_FAILURE = 1.0
# Also heard by nobody else: a subscription must exist before one can listen.
OWN_CHANNEL = "live"


class Listener(Protocol):
    ticket: Ticket

    def nudge(self, seq: int) -> None: ...

    async def turn_away(self) -> None: ...

    async def send_elsewhere(self) -> None: ...


class Hub:
    """Lives in one event loop; its three loops start with the first socket."""

    def __init__(self) -> None:
        self._listeners: dict[int, list[Listener]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()
        self._subscription: PubSub | None = None
        self.is_draining = False

    @property
    def is_full(self) -> bool:
        return len(self._everybody()) >= settings.SOCKETS_PER_PROCESS

    async def drain(self, seconds: float) -> None:
        """Nobody new; who is here is told to come back, each at a moment of the given seconds."""
        self.is_draining = True

        async def let_go(listener: Listener) -> None:
            await asyncio.sleep(random() * seconds)  # noqa: S311 (spreads load, guards nothing)
            await listener.send_elsewhere()

        await asyncio.gather(*map(let_go, self._everybody()))

    def join(self, listener: Listener) -> list[Listener]:
        """Adds a socket. Returns those of the person's that are now too many, oldest first."""
        mine = self._listeners[listener.ticket.user_id]
        mine.append(listener)
        if not self._tasks:
            for turn in (self._listen, self._tick, self._check_sessions):
                self._keep(turn)
        if len(mine) == 1:
            self._start(self._follow(listener.ticket.user_id))
        return mine[: max(0, len(mine) - settings.SOCKETS_PER_USER)]

    def leave(self, listener: Listener) -> None:
        user_id = listener.ticket.user_id
        mine = self._listeners[user_id]
        if listener in mine:
            mine.remove(listener)
        if not mine:
            del self._listeners[user_id]
            self._start(self._follow(user_id))

    def _everybody(self) -> list[Listener]:
        return [listener for mine in self._listeners.values() for listener in mine]

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        # Held, because the loop itself keeps no more than a weak reference.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _keep(self, turn: Callable[[], Awaitable[None]]) -> None:
        """Starts one of the loops, and starts it again should it end by an error that nobody foresaw."""

        def again(loop: asyncio.Task[None]) -> None:
            if not loop.cancelled() and (error := loop.exception()):
                logger.error("live_turn_failed", turn=turn.__name__, exc_info=error)
                loop.get_loop().call_later(SECONDS_AFTER_FAILURE, self._keep, turn)

        self._start(self._repeat(turn)).add_done_callback(again)

    def _nudge(self, user_id: int, seq: int) -> None:
        for listener in tuple(self._listeners.get(user_id, ())):
            listener.nudge(seq)

    async def _repeat(self, turn: Callable[[], Awaitable[None]]) -> None:
        """One of the loops, through whatever its servers do."""
        while True:
            try:
                await turn()
            except (RedisError, OSError, OperationalError, InterfaceError) as error:
                logger.info("live_not_reachable", turn=turn.__name__, error=type(error).__name__)
                await asyncio.sleep(SECONDS_AFTER_FAILURE)

    async def _listen(self) -> None:
        """Until the connection is lost."""
        redis = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS)
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(OWN_CHANNEL)
                # Before the people's channels: who joins from now on is followed, who joined before is in the list.
                self._subscription = subscription
                if self._listeners:
                    await subscription.subscribe(*(channel_of(user_id) for user_id in self._listeners))
                _mind_cancelling()
                async for message in subscription.listen():
                    self._nudge(int(message["channel"].partition(b":")[2] or 0), int(message["data"]))
        finally:
            self._subscription = None
            await redis.aclose()

    async def _follow(self, user_id: int) -> None:
        """Listens to a person's channel exactly while they have a socket here."""
        if self._subscription is None:
            return
        try:
            if user_id in self._listeners:
                await self._subscription.subscribe(channel_of(user_id))
            else:
                await self._subscription.unsubscribe(channel_of(user_id))
        except (RedisError, OSError) as error:
            logger.info("live_not_subscribed", error=type(error).__name__)

    async def _tick(self) -> None:
        await asyncio.sleep(settings.SOCKET_TICK_SECONDS)
        for user_id, seq in await database_sync_to_async(_seqs)(tuple(self._listeners)):
            self._nudge(user_id, seq)

    async def _check_sessions(self) -> None:
        await asyncio.sleep(settings.SOCKET_SESSION_CHECK_SECONDS)
        listeners = self._everybody()
        if not listeners:
            return
        still_valid = await database_sync_to_async(valid)([listener.ticket for listener in listeners])
        for listener in listeners:
            if listener.ticket not in still_valid:
                await listener.turn_away()


def _mind_cancelling() -> None:
    """Before Python 3.12 wait_for, by which redis-py sends, may keep a cancel to itself (bpo-42130)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _seqs(user_ids: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(User.objects.filter(pk__in=user_ids).values_list("pk", "seq"))


hub = Hub()
