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
# No longer than the lines of 200 people take at 500 a second.
SECONDS = 10.0
WARM_UP_SECONDS = 3.0
CREATED = 201


def run(system: RunningSystem) -> list[dict[str, Any]]:
    """Once at the web process, once behind the proxy. Any other answer than 201 makes the figures worthless."""
    rows = []
    for door in ("web", "proxy"):
        _ask(system, door, WARM_UP_SECONDS)
        done, used = completed(system), shares.seconds_used(system)
        taken = _ask(system, door, SECONDS)
        if set(taken.statuses) != {CREATED}:
            raise RuntimeError(f"at the {door} door the answers were {dict(taken.statuses)}")
        cpu = shares.per_request(used, shares.seconds_used(system), len(taken.times))
        rows.append({"door": door, **taken.figures, "cpu_ms": cpu, "completed_meanwhile": completed(system) - done})
    return rows


def _ask(system: RunningSystem, door: str, seconds: float) -> load.Taken:
    """With people of their own: nobody's line and nobody's rate is used up by the warm-up."""
    people = [Visitor(system, f"bench-{door}") for _number in range(PEOPLE)]
    address, body = system.addresses[door], json.dumps(WISH).encode()
    return load.run(address, [load.post(address, PATH, person.key, body) for person in people], IN_FLIGHT, seconds)


def completed(system: RunningSystem) -> int:
    ((count,),) = system.query("SELECT count(*) FROM generations_generation WHERE stage = 'completed'")
    return int(str(count))
