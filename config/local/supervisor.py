"""Keeps programs running: each in a group of its own, started again after a crash, stopped in order.

Usable from a thread: every public method takes the one lock. On Linux a child dies with the thread that
started it, so that thread must live as long as the child should.
"""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.local import niceness, ports
from config.local.processes import Identity, dying_with_parent, end_groups, identify, signal_group
from config.local.program import Program
from config.local.record import Record
from config.local.site import Refusal
from config.local.waiting import until

LOGS_KEPT = 3
PAUSE_CAP_SECONDS = 30.0
# Up for this long counts as well again.
STEADY_SECONDS = 30.0
PORT_SECONDS = 10.0
WATCH_SECONDS = 0.2


@dataclass
class Child:
    """A program and the process that is it right now."""

    program: Program
    process: subprocess.Popen[bytes]
    identity: Identity
    started_at: float
    crashes: int = 0
    # When to start it again; None while it runs.
    due_at: float | None = None


class Supervisor:
    """The one owner of everything it started."""

    def __init__(self, record: Record, logs: Path, report: Callable[[str], None]) -> None:
        self.record = record
        self.logs = logs
        self.report = report
        self._children: dict[str, Child] = {}
        self._programs: dict[str, Program] = {}
        self._lock = threading.RLock()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program) -> None:
        """Starts it with a fresh log. Raises Refusal when its port stays taken or it cannot be run at all."""
        with self._lock:
            self._rotate(program.name)
            self._programs[program.name] = program
            self._children[program.name] = self._spawn(program)

    def start_again(self, name: str) -> None:
        """Starts a stopped program as it was."""
        with self._lock:
            self.start(self._programs[name])

    def stop(self, *names: str) -> None:
        """Asks them all, waits for them together, and ends by force what does not go; they stay stopped."""
        with self._lock:
            children = [self._children.pop(name) for name in names if name in self._children]
            end_groups(
                [(child.identity, child.program.stop_signal) for child in children],
                reap=lambda: [child.process.poll() for child in children],
            )
            for child in children:
                child.process.wait()  # a zombie may have threads that are still ending
                self.record.forget(child.program.name)

    def stop_all(self) -> None:
        """The last started first: the servers together, then one service after the other."""
        with self._lock:
            names = list(reversed(self._children))
            services = [name for name in names if self._children[name].program.is_service]
            self.stop(*(name for name in names if name not in services))
            for name in services:
                self.stop(name)

    def send(self, name: str, number: signal.Signals) -> None:
        """A signal to the whole group: SIGKILL for a crash, SIGSTOP and SIGCONT for a pause."""
        with self._lock:
            child = self._children[name]
            signal_group(child.identity, number)
            if number == signal.SIGKILL:
                child.process.wait()

    def is_up(self, name: str) -> bool:
        """True while its process lives."""
        with self._lock:
            child = self._children.get(name)
            return child is not None and child.due_at is None and child.process.poll() is None

    def crashes(self) -> dict[str, int]:
        """How often each program fell over in a row."""
        with self._lock:
            return {name: child.crashes for name, child in self._children.items()}

    def watch(self) -> None:
        """One look at everybody: a crash is reported once, and mended when its pause is over; niceness counts."""
        with self._lock:
            now = time.monotonic()
            for name, child in list(self._children.items()):
                if child.due_at is None and child.process.poll() is not None:
                    self._note_crash(child, now)
                elif child.due_at is not None and now >= child.due_at:
                    self._children[name] = self._mend(child)
                elif child.due_at is None:
                    niceness.spread(child.identity)

    def _note_crash(self, child: Child, now: float) -> None:
        child.crashes = 1 if now - child.started_at > STEADY_SECONDS else child.crashes + 1
        pause = min(0.5 * 2 ** (child.crashes - 1), PAUSE_CAP_SECONDS)
        child.due_at = now + pause
        self.report(
            f"{child.program.name} ended ({_describe(child.process.returncode)}); "
            f"starting it again in {pause:g} s. Its log: {self.logs / child.program.name}.log"
        )
        # Its children may sit on its port and answer with old code.
        end_groups([(child.identity, signal.SIGKILL)])

    def _mend(self, child: Child) -> Child:
        try:
            fresh = self._spawn(child.program)
        except Refusal as refusal:
            self.report(str(refusal))
            child.due_at = time.monotonic() + PAUSE_CAP_SECONDS
            return child
        fresh.crashes = child.crashes
        self.report(f"{child.program.name} runs again.")
        return fresh

    def _spawn(self, program: Program) -> Child:
        port = program.port
        if port is not None and not until(lambda: ports.is_free(port), PORT_SECONDS):
            raise Refusal(f"Port {port}, which {program.name} needs, is taken by another program.")
        with (self.logs / f"{program.name}.log").open("ab") as log:
            try:
                process = subprocess.Popen(
                    program.command,
                    env=dict(program.environment),
                    cwd=program.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=dying_with_parent(program.stop_signal),  # noqa: PLW1509 (one system call; no lock)
                )
            except OSError as error:
                raise Refusal(f"{program.name} cannot be started: {error}.") from error
        identity = identify(process.pid) or Identity(process.pid, time.time())
        self.record.note(program.name, identity, program.stop_signal)
        return Child(program, process, identity, time.monotonic())

    def _rotate(self, name: str) -> None:
        for number in range(LOGS_KEPT - 1, -1, -1):
            older = self.logs / (f"{name}.log.{number}" if number else f"{name}.log")
            if older.exists():
                older.replace(self.logs / f"{name}.log.{number + 1}")


def _describe(returncode: int) -> str:
    return f"signal {signal.Signals(-returncode).name}" if returncode < 0 else f"exit code {returncode}"
