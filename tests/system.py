"""The `system` fixture: everything bin/run starts, on a database and ports of its own, once per test session.

Tests here use a fresh person each; nothing is rolled back. What is killed comes back by itself, as in a
real run; what is stopped stays stopped until it is started.
"""

import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from config.local import ports
from config.local.management import Call
from config.local.site import Site
from config.local.system import System
from config.local.waiting import until
from tests.plugin import Ground

# Leases and pauses a test can wait for; the relation between them is that of the real ones.
SHORT = {
    "SUBMIT_LEASE_SECONDS": "2",
    "POLL_LEASE_SECONDS": "2",
    "MEDIA_LEASE_SECONDS": "4",
    "HINT_PATIENCE_SECONDS": "1",
    "POLL_FLOOR_SECONDS": "1",
    "POLL_CAP_SECONDS": "2",
    "PUBLISH_PAUSE_SECONDS": "1",
    "PROVIDER_READ_TIMEOUT_SECONDS": "1.5",
    "RATE_API": "100000/m",
    "SOCKET_ACK_SECONDS": "3",
    "SOCKET_SESSION_CHECK_SECONDS": "3",
}


@dataclass
class RunningSystem:
    """A test's hands on the system."""

    system: System

    @property
    def url(self) -> str:
        """The proxy's origin."""
        return self.system.site.url

    @property
    def sandbox_url(self) -> str:
        """The sandbox's origin."""
        return self.addresses["sandbox"]

    @property
    def addresses(self) -> dict[str, str]:
        """What `bin/manage addresses` prints."""
        return self.system.addresses

    @property
    def database_url(self) -> str:
        """The application's own connection."""
        return self.addresses["database_url"]

    @property
    def processes(self) -> dict[str, int]:
        """The process number behind each name right now."""
        return {name: int(entry["pid"]) for name, entry in self.system.record.facts["processes"].items()}

    def query(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        """The rows of one statement, read as the application would."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement, parameters).fetchall()

    def manage(self, *arguments: str) -> str:
        """Runs manage.py beside the system and answers what it printed."""
        return Call(self.system.site, self.system.environment, *arguments).finish(threading.Event())

    def kill(self, name: str) -> None:
        """SIGKILL to the whole process group; it comes back by itself."""
        self.system.supervisor.send(name, signal.SIGKILL)

    def pause(self, name: str) -> None:
        """SIGSTOP: alive, and answering nothing."""
        self.system.supervisor.send(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """SIGCONT."""
        self.system.supervisor.send(name, signal.SIGCONT)

    def stop(self, name: str) -> None:
        """Ends it cleanly, for good."""
        self.system.supervisor.stop(name)

    def start(self, name: str) -> None:
        """Starts what was stopped."""
        self.system.supervisor.start_again(name)

    def is_up(self, name: str) -> bool:
        """True while its process lives."""
        return self.system.supervisor.is_up(name)

    def is_listening(self, name: str) -> bool:
        """True when its address takes connections."""
        return ports.is_listening(urlsplit(self.addresses[name]).port or 0)

    def wait_until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Returns when the condition holds; fails the test when it does not in time."""
        if not until(condition, seconds):
            pytest.fail(f"still not so after {seconds:g} s: {getattr(condition, '__name__', condition)}")


@pytest.fixture(scope="session")
def system_environment() -> dict[str, str]:
    """The settings the system runs with; a conftest may override it."""
    return SHORT


@pytest.fixture(scope="session")
def system(ground: Ground, system_environment: dict[str, str]) -> Iterator[RunningSystem]:
    """The complete system, ready."""
    with running(ground, "system", system_environment) as hands:
        yield hands


@contextmanager
def running(ground: Ground, folder: str, environment: dict[str, str]) -> Iterator[RunningSystem]:
    """A complete system below the run's own folder. folder: "system", or a name that begins so."""
    given = {name: value for name, value in ground.site.given.items() if name != "EMAIL_BACKEND"}
    site = Site(
        data_dir=ground.site.data_dir / folder,
        port=ports.choose(),
        given={**given, **environment},
        is_throwaway=True,
    )
    # Collected once a run is enough.
    shutil.copytree(ground.site.data_dir / "static", site.data_dir / "static")
    shutil.copy(ground.site.data_dir / "static.txt", site.data_dir)
    whole = System(site, lambda topic, message: print(f"system: {topic}: {message}"))
    watcher = threading.Thread(target=whole.watch, name="supervisor")
    try:
        whole.start()
        watcher.start()
        yield RunningSystem(whole)
    finally:
        whole.stopping.set()
        if watcher.is_alive():
            watcher.join()
        whole.stop()
