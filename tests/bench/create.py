"""POST /api/generations/create: 200 people, 20 requests in flight, workers at work. Budget: p95 at most 100 ms."""

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

from tests.system import RunningSystem
from tests.visitor import Visitor

PEOPLE = 200
IN_FLIGHT = 20
SECONDS = 15.0
WARM_UP_SECONDS = 3.0


def run(system: RunningSystem) -> list[dict[str, Any]]:
    """Once at the web process, once behind the proxy."""
    rows = []
    for door in ("web", "proxy"):
        people = [Visitor(system, f"bench-{door}") for _number in range(PEOPLE)]
        load(system.addresses[door], people, WARM_UP_SECONDS)
        before = completed(system)
        rows.append({"door": door, **load(system.addresses[door], people, SECONDS)})
        rows[-1]["completed_meanwhile"] = completed(system) - before
    return rows


def load(address: str, people: list[Visitor], seconds: float) -> dict[str, Any]:
    """Closed loop: every thread sends its next request when the last was answered."""
    turn = itertools.cycle(people)
    lock = threading.Lock()
    times: list[float] = []
    statuses: Counter[int] = Counter()
    end = time.monotonic() + seconds

    def work() -> None:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        while time.monotonic() < end:
            with lock:
                person = next(turn)
            started = time.perf_counter()
            status = send(connection, person)
            with lock:
                times.append(time.perf_counter() - started)
                statuses[status] += 1
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(IN_FLIGHT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = quantiles(times, n=100)
    return {
        "requests_per_second": round(len(times) / seconds, 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "answers": dict(statuses),
    }


def send(connection: http.client.HTTPConnection, person: Visitor) -> int:
    body = json.dumps({"model": "flux-schnell", "prompt": "hills in the morning", "params": {"megapixels": "0.25"}})
    headers = {"Authorization": f"Bearer {person.key}", "Content-Type": "application/json"}
    connection.request("POST", "/api/generations/create", body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def completed(system: RunningSystem) -> int:
    ((count,),) = system.query("SELECT count(*) FROM generations_generation WHERE stage = 'completed'")
    return int(str(count))
