"""Kills, stops and forgets, by a plan that is the same for the same seed."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass

import redis

from tests.system import RunningSystem

# Who is hit how often by what.
KILLS = {
    "worker": 10,
    "media": 7,
    "web": 7,
    "live": 3,
    "pulse": 4,
    "beat": 2,
    "sandbox": 3,
    "proxy": 2,
    "valkey": 3,
    "postgres": 2,
}
PAUSES = {"worker": 6, "media": 4, "pulse": 3, "web": 3, "sandbox": 3, "valkey": 2, "postgres": 1}
KINDS = {"kill": 60, "pause": 30, "flush": 10}
SHORTEST_PAUSE, LONGEST_PAUSE = 3.0, 12.0
SHORTEST_GAP, LONGEST_GAP = 0.6, 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """at: seconds after the start. seconds: how long a pause lasts."""

    at: float
    kind: str
    target: str
    seconds: float = 0.0


def plan(seed: int, seconds: float) -> list[Fault]:
    chance = random.Random(f"nemesis {seed}")
    faults, at = [], 2.0
    while at < seconds:
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        among = PAUSES if kind == "pause" else {"valkey": 1} if kind == "flush" else KILLS
        target = chance.choices(list(among), list(among.values()))[0]
        faults.append(Fault(at=at, kind=kind, target=target, seconds=chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE)))
        at += chance.uniform(SHORTEST_GAP, LONGEST_GAP)
    return faults


class Nemesis:
    """done: what was really done, by kind and target; what could not be, because its target was down, is missed."""

    def __init__(self, system: RunningSystem) -> None:
        self.system = system
        self.done: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self._resumes: list[tuple[float, str]] = []

    def run(self, faults: list[Fault], stopping: threading.Event) -> None:
        started = time.monotonic()
        for fault in faults:
            while (left := started + fault.at - time.monotonic()) > 0 and not stopping.wait(min(left, 0.2)):
                self._resume(time.monotonic())
            if stopping.is_set():
                break
            self._inflict(fault)
        while self._resumes and not stopping.wait(0.2):
            self._resume(time.monotonic())
        self._resume(float("inf"))

    def _inflict(self, fault: Fault) -> None:
        name = f"{fault.kind} {fault.target}"
        if not self.system.is_up(fault.target) or any(target == fault.target for _end, target in self._resumes):
            self.missed[name] += 1
            return
        if fault.kind == "kill":
            self.system.kill(fault.target)
        elif fault.kind == "pause":
            self.system.pause(fault.target)
            self._resumes.append((time.monotonic() + fault.seconds, fault.target))
        elif not self._flush():
            self.missed[name] += 1
            return
        self.done[name] += 1

    def _flush(self) -> bool:
        """Everything in Valkey is gone: messages, counts, subscriptions' news."""
        try:
            store = redis.Redis.from_url(self.system.addresses["redis_url"], socket_timeout=2, socket_connect_timeout=2)
            store.flushall()
        except redis.RedisError:
            return False
        return True

    def _resume(self, now: float) -> None:
        over = [one for one in self._resumes if one[0] <= now]
        for one in over:
            self._resumes.remove(one)
            self.system.resume(one[1])
