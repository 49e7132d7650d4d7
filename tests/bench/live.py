"""500 open sockets of as many people while 100 changes a second go in: from the commit to the page, and memory.

Budget: p95 at most 150 ms to the socket; `live` under 300 MB. Each change is of one row with a picture, as
generations.lifecycle makes them; each socket reads its row again, draws the create page's parts and waits for the
page's word.
"""

import asyncio
import json
import os
import platform
import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import psutil
import psycopg
from redis import Redis
from websockets import Origin
from websockets.asyncio.client import connect

from config.local.site import ROOT
from tests.bench import shares
from tests.system import RunningSystem
from tests.visitor import Visitor

SOCKETS, PER_SECOND, SECONDS, WARM_UP_SECONDS = 500, 100, 30, 5
BUDGET_MS, BUDGET_MB, MB = 150, 300, 1_000_000
# As many handshakes at once as a proxy lets through without anybody waiting long.
AT_ONCE = 20
EVIDENCE = ROOT / "docs/evidence/live.md"
ROWS = """
INSERT INTO generations_generation SELECT (jsonb_populate_record(made, jsonb_build_object(
  'id', gen_random_uuid(), 'user_id', person.id, 'created_at', now(), 'change_seq', 1))).*
FROM generations_generation AS made, unnest(%(people)s::bigint[]) AS person (id) WHERE made.id = %(model)s
RETURNING user_id, id
"""
# The copy of a file, and of the output that shows it, get the id of their generation.
ASSETS = """
INSERT INTO media_pipeline_asset SELECT (jsonb_populate_record(file, jsonb_build_object(
  'id', copy.id, 'user_id', copy.user_id, 'key', 'bench/' || copy.id))).*
FROM generations_generation AS copy, media_pipeline_asset AS file
JOIN generations_output AS output ON output.asset_id = file.id
WHERE copy.id = ANY(%s) AND output.generation_id = %s
"""
OUTPUTS = """
INSERT INTO generations_output SELECT (jsonb_populate_record(output, jsonb_build_object(
  'id', copy.id, 'generation_id', copy.id, 'asset_id', copy.id))).*
FROM generations_generation AS copy, generations_output AS output WHERE copy.id = ANY(%s) AND output.generation_id = %s
"""
# The change of one row, as generations.lifecycle makes it.
CHANGE = """
WITH person AS (UPDATE accounts_user SET seq = seq + 1 WHERE id = %s RETURNING seq)
UPDATE generations_generation SET change_seq = person.seq FROM person WHERE id = %s RETURNING change_seq
"""


@dataclass
class Tab:
    """One page: confirms whatever it is told, and notes when it was told of each change."""

    user_id: int
    key: str
    told: list[tuple[int, float]] = field(default_factory=list)
    size: int = 0

    async def live(self, url: str, gate: asyncio.Semaphore) -> None:
        async with gate:
            socket = await connect(
                url.replace("http", "ws", 1) + "/ws/live/",
                origin=Origin(url),
                additional_headers={"Cookie": f"sessionid={self.key}"},
                proxy=None,
                ping_interval=None,
                compression=None,
                open_timeout=60,
            )
            await socket.send(json.dumps({"have": 0, "page": "create", "lang": "en"}))
        async with socket:
            async for text in socket:
                now = time.monotonic()
                frame = json.loads(text)
                if "cursor" in frame:
                    self.told.append((frame["cursor"], now))
                    self.size = max(self.size, len(text))
                    await socket.send(json.dumps({"ack": frame["cursor"]}))

    def lag(self, seq: int, committed_at: float) -> float:
        return next(at for cursor, at in self.told if cursor >= seq) - committed_at


@dataclass
class Stream:
    """Changes of one row after the other, so many a second; when each was committed, by person and number."""

    system: RunningSystem
    rows: list[tuple[int, str]]
    made: list[tuple[int, int, float]] = field(default_factory=list)

    def pour(self) -> None:
        began = time.monotonic()
        with (
            psycopg.connect(self.system.database_url, autocommit=True) as database,
            Redis.from_url(self.system.system.environment["REDIS_URL"]) as redis,
        ):
            for number in range(PER_SECOND * (WARM_UP_SECONDS + SECONDS)):
                time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
                user_id, row = self.rows[number % len(self.rows)]
                ((seq,),) = database.execute(CHANGE, [user_id, row]).fetchall()
                self.made.append((user_id, seq, time.monotonic()))
                redis.publish(f"person:{user_id}", seq)


def run(system: RunningSystem) -> list[dict[str, Any]]:
    """Writes docs/evidence/live.md."""
    people = [Visitor(system, "bench-live") for _number in range(SOCKETS)]
    rows = _rows(system, people)
    tabs = {person.id: Tab(person.id, person.sign_in().browser.cookies["sessionid"]) for person in people}
    waiting = os.getloadavg()[0]
    stream, process = Stream(system, rows), psutil.Process(system.processes["live"])
    memory = {"alone": process.memory_info().rss}

    async def story() -> None:
        gate = asyncio.Semaphore(AT_ONCE)
        alive = [asyncio.create_task(tab.live(system.url, gate)) for tab in tabs.values()]
        async with asyncio.timeout(120):
            while not all(tab.told for tab in tabs.values()):
                await asyncio.sleep(0.1)
        memory["open"] = process.memory_info().rss
        used = shares.seconds_used(system)
        await asyncio.to_thread(stream.pour)
        memory["after"] = process.memory_info().rss
        cpu.update(shares.per_request(used, shares.seconds_used(system), len(stream.made)))
        async with asyncio.timeout(60):
            while any(tabs[user_id].told[-1][0] < seq for user_id, seq, _at in stream.made):
                await asyncio.sleep(0.1)
        for task in alive:
            task.cancel()
        await asyncio.gather(*alive, return_exceptions=True)

    cpu: dict[str, float] = {}
    asyncio.run(story())
    counted = stream.made[PER_SECOND * WARM_UP_SECONDS :]
    cuts = quantiles([tabs[user_id].lag(seq, at) * 1000 for user_id, seq, at in counted], n=100)
    seconds = counted[-1][2] - counted[0][2]
    row = {
        "sockets": SOCKETS,
        "changes_per_second": round((len(counted) - 1) / seconds, 1),
        **{f"p{percent}_ms": round(cuts[percent - 1], 1) for percent in (50, 95, 99)},
        **{f"live_{name}_mb": round(size / MB) for name, size in memory.items()},
        "batch_bytes": max(tab.size for tab in tabs.values()),
        "cpu_ms": cpu,
        "waiting": round(waiting),
    }
    _publish(row)
    return [row]


def _rows(system: RunningSystem, people: list[Visitor]) -> list[tuple[int, str]]:
    """One completed work with its picture for each, as the studio made the first."""
    made = people[0].ask("a lighthouse in the evening")
    people[0].wait_for(made, "completed")
    with psycopg.connect(system.database_url) as connection:
        named = {"model": made, "people": [person.id for person in people]}
        rows = [(int(user_id), str(row)) for user_id, row in connection.execute(ROWS, named)]
        # Something to tell at once: so a page says that it is open.
        connection.execute("UPDATE accounts_user SET seq = greatest(seq, 1) WHERE id = ANY(%s)", [named["people"]])
        for statement in (ASSETS, OUTPUTS):
            connection.execute(statement, [[row for _user_id, row in rows], made])
    return rows


def _publish(row: dict[str, Any]) -> None:
    cpu = ", ".join(f"{name} {milliseconds}" for name, milliseconds in row["cpu_ms"].items())
    lines = [
        "# Sockets under load",
        "",
        f"`bin/bench live`, 2 cores, Python {platform.python_version()}: {SOCKETS} open sockets of as many people, "
        f"through the proxy, and {PER_SECOND} changes a second for {SECONDS} s; the pages that read, whoever makes the "
        "changes, and the whole studio share the machine. The time is from the commit to the page, which has read the "
        "batch.",
        "",
        "| what | measured | budget |",
        "|---|---:|---:|",
        f"| changes a second | {row['changes_per_second']} | {PER_SECOND} |",
        f"| p50, ms | {row['p50_ms']} | |",
        f"| p95, ms | {row['p95_ms']} | {BUDGET_MS} |",
        f"| p99, ms | {row['p99_ms']} | |",
        f"| `live` alone, MB | {row['live_alone_mb']} | |",
        f"| `live` with all sockets open, MB | {row['live_open_mb']} | {BUDGET_MB} |",
        f"| `live` after all changes, MB | {row['live_after_mb']} | {BUDGET_MB} |",
        f"| largest batch, bytes | {row['batch_bytes']} | |",
        "",
        f"CPU milliseconds a change: {cpu}. Before the changes {row['waiting']} processes ran or waited for the two "
        "cores (load average of a minute): where that is far above 2, other work took part in the figures.",
    ]
    EVIDENCE.write_text("\n".join(lines) + "\n", encoding="utf-8")
