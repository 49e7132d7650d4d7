"""Loaded before Django's settings: the run's own PostgreSQL and Valkey, migrated, and an environment that names them.

Everything stands in one folder below DATA_DIR that carries this process's number; the folder goes at the
end, and the next run clears away what killed runs left. Of several processes (tests/parallel.py) the first makes
it and each of the others works on a copy. Fixtures are in tests/database.py and tests/system.py.
"""

import atexit
import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local import embedded, environment, ports, record, secrets, site
from config.local.management import prepare
from config.local.supervisor import Supervisor
from providers.local import jobs
from tests import parallel

# Before anything imports them: a conftest of a folder may well come first.
pytest.register_assert_rewrite("tests.database", "tests.system", "tests.browser", "tests.visitor", "tests.kills.story")

# What a test may inherit: never a token, an address or a switch of the developer's own.
INHERITED = (
    "PATH", "HOME", "LANG", "TMPDIR", "TERM", "USER", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "SSL_CERT_FILE", "HYPOTHESIS_STORAGE_DIRECTORY",
)  # fmt: skip
OURS = (
    "BROWSER_DIR",
    "REQUIRE_BROWSER",
    "MACHINE_TIMES",
    "PYTEST_PLUGINS",
    "PYTEST_ADDOPTS",
    "PYTEST_VERSION",
    parallel.LEFT_OUT,
)
SAID = {
    "LOG_LEVEL": "WARNING",
    "LOG_JSON": "0",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    # The machine the tests run on may be fuller than a studio's should.
    "MEDIA_MIN_FREE_BYTES": "0",
}


class Ground:
    """The services of one test run."""

    def __init__(self, base: Path) -> None:
        given = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self.base = base
        self.site = site.Site(
            data_dir=base / f"test-{os.getpid()}", port=ports.choose(), given={**given, **SAID}, is_throwaway=True
        )
        self.record = record.Record(self.site.data_dir, "test")
        self.supervisor = Supervisor(self.record, self.site.data_dir / "logs", print)
        self.secrets: dict[str, str] = {}
        self.ports: dict[str, int] = {}
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        """Services up, tables migrated by their owner, static files and translations where pages look for them."""
        self.serve()
        prepare(self.site, self.environment, threading.Event())

    def start_as(self, first: Path) -> None:
        """The same from what another run made and let rest."""
        for name in ("secrets", "postgres", "static"):
            shutil.copytree(first / name, self.site.data_dir / name)
        shutil.copy(first / "static.txt", self.site.data_dir)
        self.serve()

    def serve(self) -> None:
        self.ports = ports.allot(environment.PORTS, self.site.data_dir / "ports.json")
        self.secrets = secrets.load(self.site.data_dir)
        self.environment = environment.build(self.site, self.ports, self.secrets)
        self.record.begin(environment.addresses(self.site, self.environment), self.ports)
        embedded.start(self.site, self.supervisor, self.ports, self.secrets)

    def rest(self) -> None:
        """Services down, folder as it is: for others to copy."""
        self.supervisor.stop_all()

    def stop(self) -> None:
        """Services down, folder gone."""
        if self.record.is_held:
            self.supervisor.stop_all()
            self.record.release()
        shutil.rmtree(self.site.data_dir, ignore_errors=True)


GROUND = pytest.StashKey[Ground]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Iterator[None]:
    """Before pytest-django reads the settings, which is before any conftest could say anything."""
    if not {"--help", "-h", "--version", "-V"} & set(args):
        base = Path(os.environ.get("DATA_DIR") or site.ROOT / "var").resolve()
        # One of several processes inherits the first one's environment, in which DATA_DIR is the first one's folder.
        first, base = (base, base.parent) if parallel.WORKER in os.environ else (None, base)
        os.environ.setdefault("BROWSER_DIR", str(base / "browser"))
        parallel.keep_to_own_ports()
        ground = take_place(base)
        early_config.stash[GROUND] = ground
        atexit.register(ground.stop)
        try:
            if first:
                ground.start_as(first)
            else:
                ground.start()
            if parallel.divide(early_config, args):
                ground.rest()
        except site.Refusal as refusal:
            raise pytest.UsageError(str(refusal)) from refusal
        for name in set(os.environ) - {*INHERITED, *OURS}:
            del os.environ[name]
        os.environ.update(ground.environment)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Registered now and not by -p, so that these fixtures come after pytest-django's and win."""
    for name in ("tests.database", "tests.system", "tests.browser", "tests.bucket", "tests.told"):
        config.pluginmanager.import_plugin(name)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The end of the run, however it went."""
    if ground := config.stash.get(GROUND, None):
        ground.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nothing is left out in silence."""
    if jobs.missing():
        terminalreporter.write_line(
            "tests/local_models and trials of these models left out: bin/test --whole runs them"
        )


def take_place(base: Path) -> Ground:
    """One run after the other, so that none clears away a folder that is just being made."""
    base.mkdir(parents=True, exist_ok=True)
    with (base / "tests.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        clear_away(base)
        ground = Ground(base)
        ground.record.acquire()
        return ground


def clear_away(base: Path) -> None:
    """Stops and deletes what killed runs left; a folder whose run still lives is locked."""
    for folder in base.glob("test-*"):
        owner = record.Record(folder, "test")
        if owner.acquire():
            for data_dir in (*folder.glob("system*"), folder):
                record.end_left_overs(data_dir)
            owner.release()
            shutil.rmtree(folder, ignore_errors=True)
