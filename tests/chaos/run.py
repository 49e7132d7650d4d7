"""One run: load and nemesis together, then peace, then everything is looked at."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg
import requests

from config.local.waiting import until
from tests.chaos import nemesis, wishes
from tests.chaos.load import Crowd
from tests.chaos.watching import SILENCE_SECONDS, Watcher
from tests.checker import files, provider, rows
from tests.checker.rows import Violation
from tests.system import RunningSystem

PEOPLE, WATCHERS = 12, 3
# Nothing is asked for in the last seconds of the faults, so that they hit what is under way.
QUIET_SECONDS = 5.0
UP_SECONDS = 90.0
# A wish that its provider has often refused rests for six minutes at most (BACKOFF_SECONDS in steps/refusing.py).
DRAIN_SECONDS = 420.0
# A page whose connection died without a word knows so by a silence of a minute, and opens another.
CAUGHT_UP_SECONDS = SILENCE_SECONDS + 20.0
OF_CLIENTS = (
    "a key makes one generation",
    "a client is answered in time",
    "an accepted wish is there",
    "the same key is answered the same for ever",
)
OF_PAGES = ("an open page has caught up", "no page begins anew", "a page never goes back")
ENDS = """
SELECT CASE stage WHEN 'failed' THEN 'failed: ' || error_code ELSE stage END, count(*)
FROM generations_generation GROUP BY 1
"""


@dataclass(kw_only=True)
class Outcome:
    """What a run came to."""

    seed: int
    minutes: float
    asked: int
    made: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    ends: dict[str, int] = field(default_factory=dict)
    jobs: int = 0
    sockets: int = 0
    drain_seconds: float = 0.0
    violations: list[Violation] = field(default_factory=list)

    def count(self, *names: str) -> int:
        return sum(one.invariant in names for one in self.violations)

    @property
    def is_good(self) -> bool:
        return not self.violations and sum(self.faults.values()) > 0 and self.made > 0

    @property
    def summary(self) -> str:
        doubled = "a wish is submitted once", "one live attempt"
        charged = "completed is charged once", "one hold each", "failed and cancelled are released once"
        lost = "an accepted wish is there", "an accepted job has its row"
        told = (*doubled, *charged, *lost, "nothing is stuck")
        others = sum(one.invariant not in told for one in self.violations)
        return (
            f"seed {self.seed}: {self.made} generations, {sum(self.faults.values())} faults, {self.count(*lost)} lost, "
            f"{self.count(*doubled)} doubled submissions, {self.count(*charged)} doubled charges, "
            f"{self.count('nothing is stuck')} stuck, ledger sums to "
            f"{'zero' if not self.count('the ledger sums to zero') else 'something else'}, {others} other violations"
        )


def run(system: RunningSystem, seed: int, minutes: float, count: int, say: Callable[[str], None]) -> Outcome:
    outcome = Outcome(seed=seed, minutes=minutes, asked=count)
    seconds, stopping = minutes * 60, threading.Event()
    crowd, hand = Crowd(system, PEOPLE), nemesis.Nemesis(system)
    asked = wishes.plan(seed, count, max(seconds - QUIET_SECONDS, 1), PEOPLE)
    watchers = [Watcher(person) for person in crowd.people[:WATCHERS]]
    with ThreadPoolExecutor(WATCHERS + 2) as pool:
        watching = [pool.submit(watcher.run, stopping) for watcher in watchers]
        try:
            clients = pool.submit(crowd.run, asked, stopping)
            hand.run(nemesis.plan(seed, seconds), stopping)
            over = time.monotonic()
            if not wait_until_well(system):
                say("the system is not well again; looking at it as it is")
            clients.result()
            until(lambda: is_at_rest(system), DRAIN_SECONDS)
            outcome.drain_seconds = time.monotonic() - over
            # Judged while they still listen: what comes late changes rows after them.
            if not until(lambda: all(watcher.has_caught_up() for watcher in watchers), CAUGHT_UP_SECONDS):
                outcome.violations += _late(watchers)
        finally:
            stopping.set()
        for one in watching:
            one.result()
    outcome.faults, outcome.missed = hand.done, sum(hand.missed.values())
    outcome.answers, outcome.sockets = crowd.told.answers, sum(watcher.opened for watcher in watchers)
    outcome.violations += [*_of_clients(system, crowd, asked), *_of_pages(watchers), *_of_the_rest(system, outcome)]
    return outcome


def is_at_rest(system: RunningSystem) -> bool:
    with psycopg.connect(system.database_url, autocommit=True) as connection:
        return rows.is_at_rest(connection)


def wait_until_well(system: RunningSystem) -> bool:
    """Until every process is up again and pages come."""

    def is_well() -> bool:
        try:
            answer = requests.get(f"{system.url}/api/health/ready", timeout=3)
        except requests.RequestException:
            return False
        return answer.ok and not answer.json().get("waiting_for")

    return until(is_well, UP_SECONDS)


def _of_clients(system: RunningSystem, crowd: Crowd, asked: list[wishes.Wish]) -> list[Violation]:
    told = crowd.told
    found = [
        Violation("a key makes one generation", f"{key}: {sorted(ids)}")
        for key, ids in told.ids.items()
        if len(ids) > 1
    ]
    found += [Violation("a client is answered in time", key) for key in sorted(told.gave_up)]
    there = {str(one) for (one,) in system.query("SELECT id FROM generations_generation")}
    found += [Violation("an accepted wish is there", one) for ids in told.ids.values() for one in ids - there]
    found += [Violation("the same key is answered the same for ever", one) for one in crowd.again(asked)]
    return found


def _late(watchers: list[Watcher]) -> list[Violation]:
    return [Violation("an open page has caught up", one.words()) for one in watchers if not one.has_caught_up()]


def _of_pages(watchers: list[Watcher]) -> list[Violation]:
    anew = [Violation("no page begins anew", one.words()) for one in watchers if one.begun_anew]
    return anew + [Violation("a page never goes back", one.person.email) for one in watchers if one.went_back]


def _of_the_rest(system: RunningSystem, outcome: Outcome) -> list[Violation]:
    found, outcome.jobs = found_at_rest(system)
    outcome.ends = {str(end): int(str(count)) for end, count in system.query(ENDS)}
    outcome.made = sum(outcome.ends.values())
    return found


def found_at_rest(system: RunningSystem) -> tuple[list[Violation], int]:
    """What rows, files and the provider's records say together, and how many jobs the provider accepted.

    A webhook may come long after the end; it is not left over while it is worked off.
    """
    until(lambda: is_at_rest(system), DRAIN_SECONDS)
    jobs = requests.get(f"{system.sandbox_url}/control/journal", timeout=60).json()["jobs"]
    with psycopg.connect(system.database_url, autocommit=True) as connection:
        media = system.system.site.data_dir / "media"
        found = [
            *rows.violations(connection, at_rest=True),
            *provider.violations(connection, jobs),
            *files.violations(connection, media),
        ]
    return found, len(jobs)
