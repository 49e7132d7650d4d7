"""A closed loop over HTTP/1.1 that costs little itself: one thread, bytes made beforehand, connections kept.

Load and studio share the machine's cores, so what the client burns would be counted against the studio.
"""

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
STATUS = slice(9, 12)


@dataclass
class Taken:
    """What was measured."""

    seconds: float
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def figures(self) -> dict[str, Any]:
        cuts = quantiles(self.times, n=100)
        return {
            "requests_per_second": round(len(self.times) / self.seconds, 1),
            "p50_ms": round(cuts[49] * 1000, 1),
            "p95_ms": round(cuts[94] * 1000, 1),
            "p99_ms": round(cuts[98] * 1000, 1),
            "answers": dict(self.statuses),
        }


class Line(asyncio.Protocol):
    """One kept connection: the next request goes out when the last was answered."""

    def __init__(self, turn: "itertools.cycle[bytes]", taken: Taken, end: float) -> None:
        self.turn = turn
        self.taken = taken
        self.end = end
        self.done = asyncio.get_running_loop().create_future()
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head, found, body = self.heard.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head + b"\r\n")
        assert length, head
        if len(body) < int(length[1]):
            return
        now = time.perf_counter()
        self.taken.times.append(now - self.asked_at)
        self.taken.statuses[int(self.heard[STATUS])] += 1
        if now < self.end:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if error or time.perf_counter() < self.end:
            self.done.set_exception(error or ConnectionResetError("the server hung up"))
        else:
            self.done.set_result(None)

    def _ask(self) -> None:
        self.heard = b""
        self.asked_at = time.perf_counter()
        self.transport.write(next(self.turn))


def run(address: str, requests: Sequence[bytes], in_flight: int, seconds: float) -> Taken:
    """Sends the requests in turn for so many seconds over as many connections as may be in flight."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80

    async def all_lines() -> Taken:
        loop = asyncio.get_running_loop()
        taken = Taken(seconds)
        turn, end = itertools.cycle(requests), time.perf_counter() + seconds
        made = [
            await loop.create_connection(lambda: Line(turn, taken, end), host, port) for _number in range(in_flight)
        ]
        await asyncio.gather(*(line.done for _transport, line in made))
        return taken

    return asyncio.run(all_lines())


def get(address: str, path: str, cookie: str) -> bytes:
    """The bytes of a browser's request."""
    return f"GET {path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nCookie: {cookie}\r\n\r\n".encode()


def post(address: str, path: str, key: str, body: bytes) -> bytes:
    """The bytes of a program's request."""
    head = f"POST {path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
