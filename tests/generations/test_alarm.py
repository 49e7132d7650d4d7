"""How pulse is woken: by a new wish at once, and by nothing else."""

import threading
import time
from collections.abc import Iterator

import pytest

from generations.alarm import Alarm
from generations.notices import DUE, announce
from generations.redis_client import client

LONG = 60.0
SHORT = 0.3


@pytest.fixture
def alarm() -> Iterator[Alarm]:
    """Listens already."""
    alarm = Alarm()
    waited(alarm, SHORT)
    assert dict(client().pubsub_numsub(DUE))[DUE.encode()] == 1
    yield alarm
    alarm._ear.close()


def waited(alarm: Alarm, seconds: float, stopping: threading.Event | None = None) -> float:
    begun = time.monotonic()
    alarm.wait(seconds, stopping or threading.Event())
    return time.monotonic() - begun


def test_a_new_wish_ends_the_wait_and_several_end_one(alarm: Alarm) -> None:
    for seq in range(3):
        announce(7, seq, is_due=True)
    assert waited(alarm, LONG) < LONG / 2
    assert waited(alarm, SHORT) >= SHORT


def test_what_asks_for_no_work_does_not(alarm: Alarm) -> None:
    announce(7, 1)
    assert waited(alarm, SHORT) >= SHORT


def test_who_is_to_stop_waits_no_longer(alarm: Alarm) -> None:
    stopping = threading.Event()
    stopping.set()
    assert waited(alarm, LONG, stopping) < LONG / 2
