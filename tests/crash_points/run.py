"""One point after the other on one system: wishes until it has killed often enough, then rest, then a look."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import wishes
from tests.chaos.load import Crowd
from tests.chaos.run import found_at_rest, wait_until_well
from tests.chaos.watching import Watcher
from tests.checker.rows import Violation
from tests.crash_points.points import POINTS
from tests.system import RunningSystem

PEOPLE, WATCHERS = 12, 3
WISHES, SECONDS_OF_WISHES = 24, 4.0
# Of one point; each round brings two dozen wishes.
MOST_ROUNDS = 40


@dataclass(kw_only=True)
class Fate:
    """What came of one point."""

    point: str
    crashes: int = 0
    made: int = 0
    violations: list[Violation] = field(default_factory=list)


def run(system: RunningSystem, folder: Path, names: list[str], least: int) -> Iterator[Fate]:
    """folder: what the processes read the point from and count their deaths in."""
    crowd, stopping = Crowd(system, PEOPLE), threading.Event()
    watchers = [Watcher(person) for person in crowd.people[:WATCHERS]]
    pages = [threading.Thread(target=watcher.run, args=(stopping,)) for watcher in watchers]
    for page in pages:
        page.start()
    try:
        for name in names:
            yield _suffer(system, folder, crowd, name, least)
    finally:
        stopping.set()
        for page in pages:
            page.join()


def _suffer(system: RunningSystem, folder: Path, crowd: Crowd, name: str, least: int) -> Fate:
    fate, never = Fate(point=name), threading.Event()
    (folder / "point").write_text(f"{name} {least}", encoding="utf-8")
    before, number = _made(system), list(POINTS).index(name)
    for round_number in range(MOST_ROUNDS):
        # Each point and round has wishes of its own.
        asked = wishes.plan(1000 + number * MOST_ROUNDS + round_number, WISHES, SECONDS_OF_WISHES, PEOPLE)
        crowd.run(asked, never)
        fate.crashes = crashes(folder).count(name)
        if fate.crashes >= least:
            break
    (folder / "point").write_text("nothing 0", encoding="utf-8")
    wait_until_well(system)
    fate.crashes, fate.made = crashes(folder).count(name), _made(system) - before
    fate.violations = found_at_rest(system)[0]
    return fate


def crashes(folder: Path) -> list[str]:
    file = folder / "crashes"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def _made(system: RunningSystem) -> int:
    ((count,),) = system.query("SELECT count(*) FROM generations_generation")
    return int(str(count))
