"""Two hundred tabs of many people while changes pour in: who reads is told everything, who does not is let go.

On the running system, over real sockets through the proxy, and by two that never read a byte. The memory of `live` is
flat: unread batches do not pile up. How fast it is, `bin/bench live` measures.
"""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from redis import Redis
from websockets import Origin
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system]
PEOPLE, TABS_EACH, STALLED_EACH = 25, 8, 2
ROUNDS, SECONDS_BETWEEN = 10, 0.1
MOST_GROWN_BYTES = 48 * 1024 * 1024
STALLED, SIGNED_OUT, RESTARTING = 4408, 4401, 4012
# A patience for a machine that has much else to do; nothing waits for it to pass.
PATIENCE_SECONDS = 60.0
COPIES = """
INSERT INTO generations_generation SELECT (jsonb_populate_record(made, jsonb_build_object(
  'id', gen_random_uuid(), 'user_id', person.id, 'change_seq', 1))).*
FROM generations_generation AS made, unnest(%(people)s::bigint[]) AS person (id) WHERE made.id = %(made)s
RETURNING user_id, id
"""
HANDSHAKE = (
    "GET /ws/live/ HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: sessionid={key}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
# The change of one row, as generations.lifecycle.touch makes it.
CHANGE = """
WITH person AS (UPDATE accounts_user SET seq = seq + 1 WHERE id = %s RETURNING seq)
UPDATE generations_generation SET change_seq = person.seq FROM person WHERE id = %s RETURNING change_seq
"""


@dataclass
class Tab:
    """As a page: it comes back with what it has until it is told not to. One that does not read comes once."""

    person: Visitor
    is_reading: bool
    cursor: int = 0
    batches: int = 0
    is_open: bool = False
    code: int | None = None

    async def live(self, url: str) -> None:
        while self.code not in ({SIGNED_OUT, RESTARTING} if self.is_reading else {STALLED}):
            try:
                await self._come(url)
            except (OSError, InvalidHandshake):  # on a busy machine a handshake may take too long
                await asyncio.sleep(0.2)
            except ConnectionClosed as closed:
                self.code = closed.rcvd.code if closed.rcvd else 1006
            finally:
                self.is_open = False

    async def _come(self, url: str) -> None:
        headers = {"Cookie": f"sessionid={self.person.browser.cookies['sessionid']}"}
        address = url.replace("http", "ws", 1) + "/ws/live/"
        async with connect(
            address, origin=Origin(url), additional_headers=headers, proxy=None, ping_interval=None, open_timeout=90
        ) as opened:
            self.is_open = True
            await opened.send(json.dumps({"have": self.cursor, "page": "create", "lang": "en"}))
            while True:
                frame: dict[str, Any] = json.loads(await opened.recv())
                if "cursor" in frame:
                    self.batches += 1
                    assert frame["cursor"] > self.cursor
                    self.cursor = frame["cursor"]
                    if self.is_reading:
                        await opened.send(json.dumps({"ack": self.cursor}))


@pytest.fixture
def people(system: RunningSystem) -> list[Visitor]:
    return signed_in(system, PEOPLE)


def signed_in(system: RunningSystem, count: int) -> list[Visitor]:
    """Without asking for as many pages as that would take."""
    return [Visitor(system, f"many{number}").sign_in() for number in range(count)]


@dataclass
class Stream:
    """Changes of one row each; the last of each person."""

    system: RunningSystem
    rows: dict[int, str]
    last: dict[int, int] = field(default_factory=dict)

    def pour(self) -> None:
        with (
            psycopg.connect(self.system.database_url, autocommit=True) as database,
            Redis.from_url(self.system.system.environment["REDIS_URL"]) as redis,
        ):
            for _round in range(ROUNDS):
                for user_id, row in self.rows.items():
                    found = database.execute(CHANGE, [user_id, row]).fetchone()
                    assert found is not None
                    self.last[user_id] = found[0]
                    redis.publish(f"person:{user_id}", found[0])
                time.sleep(SECONDS_BETWEEN)


def memory_of(system: RunningSystem, name: str) -> int:
    head = psutil.Process(system.processes[name])
    return sum(process.memory_info().rss for process in (head, *head.children(recursive=True)))


async def eventually(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


class Deaf:
    """A page at the door of `live` itself that shakes hands, says what it has, and never reads again."""

    def __init__(self, system: RunningSystem, person: Visitor) -> None:
        self.live = psutil.Process(system.processes["live"])
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE_SECONDS)
        address = urlsplit(system.addresses["live"])
        self.socket.connect((address.hostname, address.port))
        self.port = self.socket.getsockname()[1]
        head = HANDSHAKE.format(host=address.netloc, origin=system.url, key=person.browser.cookies["sessionid"])
        self.socket.sendall(head.encode())
        assert self.socket.recv(12) == b"HTTP/1.1 101"
        hello = json.dumps({"have": 0, "page": "create", "lang": "en"}).encode()
        # A text frame with a mask of noughts (RFC 6455, 5.2).
        self.socket.sendall(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)

    def is_held(self) -> bool:
        return any(one.raddr and one.raddr.port == self.port for one in self.live.net_connections("tcp"))


@pytest.fixture
def _live_again(system: RunningSystem) -> Iterator[None]:
    yield
    if not system.is_up("live"):
        system.start("live")
    system.wait_until(lambda: system.is_listening("live"))


@pytest.mark.usefixtures("_live_again")
@pytest.mark.timeout(300)
def test_two_hundred_tabs_while_changes_pour(system: RunningSystem, people: list[Visitor]) -> None:
    made = people[0].ask("poured over")
    people[0].wait_for(made, "completed", seconds=PATIENCE_SECONDS)
    stream, seen = Stream(system, rows_of(system, people, made)), {}
    tabs = [Tab(person, is_reading=number >= STALLED_EACH) for person in people for number in range(TABS_EACH)]
    readers, stalled = [tab for tab in tabs if tab.is_reading], [tab for tab in tabs if not tab.is_reading]

    async def story() -> None:
        alive = [asyncio.create_task(tab.live(system.url)) for tab in tabs]
        # The first batch is the present truth, and a stalled tab never says that it has it.
        await eventually(lambda: all(tab.batches for tab in tabs))
        await eventually(lambda: all(tab.code == STALLED for tab in stalled))
        seen["before"] = memory_of(system, "live")
        await asyncio.to_thread(stream.pour)
        await eventually(lambda: all(tab.cursor >= stream.last[tab.person.id] for tab in readers))
        seen["after"] = memory_of(system, "live")
        # One signs out: all of theirs go, and nobody else's.
        left = people[0]
        system.query("DELETE FROM django_session WHERE session_key = %s RETURNING 1", left.browser.cookies["sessionid"])
        theirs = [tab for tab in readers if tab.person is left]
        others = [tab for tab in readers if tab.person is not left]
        await eventually(lambda: all(tab.code == SIGNED_OUT for tab in theirs))
        await eventually(lambda: all(tab.is_open for tab in others))
        # A new version is put up: everybody is let go.
        await asyncio.to_thread(system.stop, "live")
        await asyncio.gather(*alive)
        assert {tab.code for tab in others} == {RESTARTING}

    asyncio.run(story())
    assert {tab.batches for tab in stalled} == {1}
    assert seen["after"] - seen["before"] < MOST_GROWN_BYTES


def test_who_never_reads_is_let_go_without_a_goodbye(system: RunningSystem) -> None:
    (person,) = signed_in(system, 1)
    person.ask("never read")
    deaf = [Deaf(system, person) for _number in range(2)]
    assert [one.is_held() for one in deaf] == [True, True]
    system.wait_until(lambda: not any(one.is_held() for one in deaf), PATIENCE_SECONDS)
    for one in deaf:
        one.socket.close()


def rows_of(system: RunningSystem, people: list[Visitor], made: str) -> dict[int, str]:
    """A copy of one work for each, so that not all of it has to be made; told of as soon as a page is open."""
    ids = [person.id for person in people]
    with psycopg.connect(system.database_url) as connection:
        connection.execute("UPDATE accounts_user SET seq = greatest(seq, 1) WHERE id = ANY(%s)", [ids])
        return {int(owner): str(row) for owner, row in connection.execute(COPIES, {"made": made, "people": ids})}
