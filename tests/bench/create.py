"""POST /api/generations/create: 200 people, 20 requests in flight, workers at work. Budget: p95 at most 100 ms."""

import json
from typing import Any

from tests.bench import load, shares
from tests.system import RunningSystem
from tests.visitor import Visitor

PATH = "/api/generations/create"
WISH = {"model": "flux-schnell", "prompt": "hills in the morning", "params": {"megapixels": "0.25"}}
PEOPLE = 200
IN_FLIGHT = 20
# No longer than the lines of 200 people take at 800 a second.
SECONDS = 6.0
WARM_UP_SECONDS = 3.0
CREATED = 201


def run(system: RunningSystem) -> list[dict[str, Any]]:
    """Once at the web process, once behind the proxy. Any other answer than 201 makes the figures worthless."""
    rows = []
    for door in ("web", "proxy"):
        load.run(system.addresses[door], _wishes(system, door), IN_FLIGHT, WARM_UP_SECONDS)
        wishes = _wishes(system, door)
        done, used = completed(system), shares.seconds_used(system)
        taken = load.run(system.addresses[door], wishes, IN_FLIGHT, SECONDS)
        cpu = shares.per_request(used, shares.seconds_used(system), len(taken.times))
        if set(taken.statuses) != {CREATED}:
            raise RuntimeError(f"at the {door} door the answers were {dict(taken.statuses)}")
        rows.append({"door": door, **taken.figures, "cpu_ms": cpu, "completed_meanwhile": completed(system) - done})
    return rows


def _wishes(system: RunningSystem, door: str) -> list[bytes]:
    """One of each of 200 new people: nobody's line and nobody's rate is used up by the warm-up."""
    people = [Visitor(system, f"bench-{door}") for _number in range(PEOPLE)]
    address, body = system.addresses[door], json.dumps(WISH).encode()
    return [load.post(address, PATH, person.key, body) for person in people]


def completed(system: RunningSystem) -> int:
    ((count,),) = system.query("SELECT count(*) FROM generations_generation WHERE stage = 'completed'")
    return int(str(count))
