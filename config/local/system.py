"""The whole system on this machine, from nothing to "Ready" and back. bin/run and the system tests use it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping

from config.local import caddy, embedded, environment, fonts, ports, ready, record, secrets
from config.local.management import Stopped, prepare
from config.local.program import Program, expand, read_procfile, without_nice
from config.local.site import HOST, Refusal, Site
from config.local.supervisor import WATCH_SECONDS, Supervisor

READY_SECONDS = 120.0
# A process that falls over this often before the system was ever ready will not get better by waiting.
HOPELESS_CRASHES = 4


class System:
    """Owns DATA_DIR from start() to stop()."""

    def __init__(self, site: Site, report: Callable[[str, str], None]) -> None:
        self.site = site
        self.report = report
        self.stopping = threading.Event()
        self.record = record.Record(site.data_dir, "run")
        self.supervisor = Supervisor(self.record, site.data_dir / "logs", lambda line: report("processes", line))
        self.environment: dict[str, str] = {}
        self.addresses: dict[str, str] = {}

    def start(self) -> str:
        """Returns when everything is ready, with the demo's own words about its accounts.

        Raises Refusal or Stopped. Call stop() in any case.
        """
        allotted, known = self._take_place()
        embedded.start(self.site, self.supervisor, allotted, known)
        self.report("services", "PostgreSQL and Valkey answer" if self.site.is_embedded else "given, or up")
        welcome = self._prepare()
        self.record.mark_serving()
        for program in self._programs(allotted):
            self._check_stopping()
            self.supervisor.start(program)
        self.report("processes", "started; waiting until they answer")
        self._wait_until_ready()
        return welcome

    def watch(self) -> None:
        """Keeps everything running until somebody sets `stopping`."""
        while not self.stopping.wait(WATCH_SECONDS):
            self.supervisor.watch()

    def stop(self) -> None:
        """Ends everything this system started and gives DATA_DIR free."""
        if self.record.is_held:
            self.supervisor.stop_all()
            self.record.release()

    def _take_place(self) -> tuple[dict[str, int], dict[str, str]]:
        if not self.record.acquire():
            raise Refusal(self.record.describe_owner())
        if left := record.end_left_overs(self.site.data_dir):
            self.report("left over", f"stopped what a killed run had left: {', '.join(left)}")
        if not ports.is_free(self.site.port):
            raise Refusal(
                f"Port {self.site.port} on {HOST} is taken by another program. "
                f"Stop that one, or choose another port: PORT={self.site.port + 1} bin/run"
            )
        (self.site.data_dir / "media").mkdir(exist_ok=True)
        allotted = ports.allot(environment.PORTS, self.site.data_dir / "ports.json")
        known = secrets.load(self.site.data_dir)
        self.environment = environment.build(self.site, allotted, known)
        self.addresses = environment.addresses(self.site, self.environment)
        self.record.begin(self.addresses, {**allotted, "proxy": self.site.port})
        return allotted, known

    def _prepare(self) -> str:
        if not self.site.is_throwaway:
            fonts.install(self.site.data_dir)
        words = prepare(self.site, self.environment, self.stopping, *(["--demo"] if self.site.is_embedded else []))
        self.report("prepared", "tables migrated, static files collected, translations compiled")
        return words

    def _programs(self, allotted: Mapping[str, int]) -> Iterator[Program]:
        commands = read_procfile(self.site.root / "Procfile")
        if self.site.is_embedded:
            commands = {"sandbox": "nice -n 19 python -m providers.sandbox", **commands}
        for name, command in commands.items():
            words = expand(command, self.environment)
            yield Program(
                name=name,
                # Nobody waits for a throwaway system's pages; beside other test runs its background would get nothing.
                command=without_nice(words) if self.site.is_throwaway else words,
                environment=environment.for_process(self.environment, name),
                directory=self.site.root,
                port=allotted.get(name),
            )
        yield caddy.program(self.site, allotted, environment.for_process(self.environment, "proxy"))

    def _wait_until_ready(self) -> None:
        waiting = ready.checks(self.site, self.environment)
        end = time.monotonic() + READY_SECONDS
        while waiting := [check for check in waiting if not check.holds()]:
            self._check_stopping()
            self.supervisor.watch()
            logs = self.supervisor.logs
            for name, crashes in self.supervisor.crashes().items():
                if crashes >= HOPELESS_CRASHES:
                    raise Refusal(f"{name} does not stay up; {logs / name}.log says why.")
            if time.monotonic() > end:
                names = ", ".join(check.name for check in waiting)
                raise Refusal(f"Not ready after {READY_SECONDS:.0f} s, still waiting for {names}. Logs: {logs}")
            self.stopping.wait(WATCH_SECONDS)

    def _check_stopping(self) -> None:
        if self.stopping.is_set():
            raise Stopped
