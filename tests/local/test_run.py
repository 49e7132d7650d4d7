"""bin/run from the outside: one story, because each start costs seconds."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.local import fonts, ports
from config.local.processes import dying_with_parent
from config.local.site import HOST, ROOT
from config.local.waiting import until
from tests.plugin import Ground

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


class Terminal:
    """A person who types bin/run and bin/manage."""

    def __init__(self, folder: Path, ground: Ground) -> None:
        self.port = ports.choose()
        self.folder = folder
        self.environment = {**ground.site.given, "DATA_DIR": str(folder), "PORT": str(self.port)}
        self.environment.pop("HOME", None)
        # As after a failed attempt of today: no test fetches a typeface.
        (folder / "fonts.txt").write_text(f"no {fonts.PACKAGE}", encoding="utf-8")

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "config.local.run"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=dying_with_parent(),  # noqa: PLW1509 (one system call; takes no lock)
        )

    def start_until_ready(self) -> tuple[subprocess.Popen[str], list[str]]:
        run, lines = self.start(), []
        for line in run.stdout or ():
            lines.append(line.rstrip())
            if line.startswith("Ready "):
                return run, lines
        pytest.fail("bin/run ended before it was ready:\n" + "\n".join(lines))

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "config.local.manage", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for this DATA_DIR."""
        found = []
        for process in psutil.process_iter():
            try:
                is_ours = process.environ().get("DATA_DIR") == str(self.folder) or str(self.folder) in process.cmdline()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found


@pytest.fixture
def terminal(tmp_path: Path, ground: Ground) -> Iterator[Terminal]:
    made = Terminal(tmp_path, ground)
    yield made
    for process in made.processes():
        process.kill()


def test_a_run_from_start_to_crash_to_clean_stop(terminal: Terminal) -> None:
    run, lines = terminal.start_until_ready()
    assert lines[-1] == f"Ready http://{HOST}:{terminal.port}"
    assert any("demo@example.com / demo-base-2026" in line for line in lines)
    with urllib.request.urlopen(f"http://localhost:{terminal.port}/", timeout=10) as page:
        assert page.status == 200

    second = terminal.start()
    words, _ = second.communicate(timeout=30)
    assert (second.returncode, words.startswith(f"Already running at http://{HOST}:{terminal.port}.")) == (1, True)

    addresses = json.loads(terminal.manage("addresses").stdout)
    assert set(addresses) == {"web", "live", "proxy", "sandbox", "database_url", "redis_url"}
    key = terminal.manage("issue_api_key", "demo@example.com").stdout.splitlines()[-1]
    assert key

    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=10)
    again, lines = terminal.start_until_ready()
    assert lines[-1] == f"Ready http://{HOST}:{terminal.port}"
    assert json.loads(terminal.manage("addresses").stdout) == addresses

    again.send_signal(signal.SIGTERM)
    words, _ = again.communicate(timeout=40)
    assert (again.returncode, words.splitlines()[-1]) == (0, "stopped     cleanly")
    assert until(lambda: not terminal.processes(), 5)

    # Nothing runs now: bin/manage brings the database up for the call and finds the same people in it.
    shown = terminal.manage("issue_api_key", "demo@example.com")
    assert (shown.returncode, bool(shown.stdout.strip())) == (0, True)
    assert terminal.manage("addresses").returncode == 1
    assert until(lambda: not terminal.processes(), 5)


def test_a_busy_port_is_a_sentence(terminal: Terminal) -> None:
    with socket.create_server((HOST, terminal.port)):
        run = terminal.start()
        words, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert words.startswith(f"Port {terminal.port} on {HOST} is taken by another program.")


def test_control_c_during_the_start_stops_what_was_started(terminal: Terminal) -> None:
    run = terminal.start()
    assert until((terminal.folder / "logs/postgres.log").exists, 20)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=40)
    assert run.returncode == 0
    assert until(lambda: not terminal.processes(), 5)
