"""The hub alone, with the run's own Redis: everybody who joins is followed, and its loops outlive surprises."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from redis.asyncio import Redis

from generations.live.hub import Hub
from generations.live.sessions import Ticket
from generations.notices import channel_of

PEOPLE = range(10**9, 10**9 + 60)


class Ear:
    """A socket that only listens."""

    def __init__(self, user_id: int) -> None:
        self.ticket = Ticket("no session", user_id, "")
        self.heard: list[int] = []

    def nudge(self, seq: int) -> None:
        self.heard.append(seq)

    async def turn_away(self) -> None:
        self.heard.append(-1)

    async def send_elsewhere(self) -> None:
        self.heard.append(-2)


@pytest.fixture(autouse=True)
def redis_alone(settings: Any) -> None:
    settings.SOCKET_TICK_SECONDS = settings.SOCKET_SESSION_CHECK_SECONDS = 600


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def followed(redis: Any) -> int:
    return sum(count for _channel, count in await redis.pubsub_numsub(*map(channel_of, PEOPLE)))


def test_who_joins_while_the_subscription_is_being_made_is_followed_too() -> None:
    async def story() -> None:
        hub = Hub()
        redis: Any = Redis.from_url(django_settings.REDIS_URL)
        for user_id in PEOPLE:
            hub.join(Ear(user_id))
            await asyncio.sleep(0)

        async def all_are() -> bool:
            return await followed(redis) == len(PEOPLE)

        await eventually(all_are)
        await redis.aclose()

    asyncio.run(story())


def test_a_message_nobody_can_read_does_not_end_the_listening() -> None:
    async def story() -> None:
        hub, ear = Hub(), Ear(PEOPLE[0])
        redis: Any = Redis.from_url(django_settings.REDIS_URL)
        hub.join(ear)

        async def is_followed() -> bool:
            return await followed(redis) == 1

        await eventually(is_followed)
        await redis.publish(channel_of(PEOPLE[0]), "not a number")

        async def hears_again() -> bool:
            await redis.publish(channel_of(PEOPLE[0]), "7")
            return 7 in ear.heard

        await eventually(hears_again)
        await redis.aclose()

    asyncio.run(story())


def test_whoever_is_told_to_end_while_it_subscribes_ends() -> None:
    """Let go at every point of the way: each turn of the loop a little later than the one before."""

    async def story(steps: int) -> bool:
        hub = Hub()
        hub.join(Ear(PEOPLE[0]))
        for _step in range(steps):
            await asyncio.sleep(0)
        loops = asyncio.all_tasks() - {asyncio.current_task()}
        for loop in loops:
            loop.cancel()
        _ended, left = await asyncio.wait(loops, timeout=5)
        for loop in left:
            loop.cancel()
        return not left

    assert [steps for steps in range(80) if not asyncio.run(story(steps))] == []
