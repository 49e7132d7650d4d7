"""Keeping programs running: crashes, orphans on a port, left-overs of a killed run."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from config.local import niceness, ports, record
from config.local.processes import identify
from config.local.program import Program
from config.local.record import Record
from config.local.site import ROOT, Refusal
from config.local.supervisor import Supervisor
from config.local.waiting import until

# A server with a worker of its own on the same port, as granian has: the worker outlives a killed parent.
SERVER = """
import os, signal, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
if os.fork() == 0:
    print("worker", os.getpid(), flush=True)
while True:
    signal.pause()
"""


class Bench:
    """A supervisor over one such server."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.record = Record(folder, "test")
        self.record.acquire()
        self.record.begin({}, {})
        self.supervisor = Supervisor(self.record, folder / "logs", self.said.append)
        self.port = ports.choose()
        self.log = folder / "logs/server.log"
        self.program = Program(
            name="server",
            command=(sys.executable, "-c", SERVER, str(self.port)),
            environment=dict(os.environ),
            directory=folder,
            port=self.port,
        )

    def start(self) -> None:
        self.supervisor.start(self.program)
        assert until(self.workers, 10)

    def workers(self) -> list[int]:
        """Numbers of the workers that ever started."""
        return [int(number) for number in re.findall(r"worker (\d+)", self.log.read_text(encoding="utf-8"))]

    def leader(self) -> int:
        return int(self.record.facts["processes"]["server"]["pid"])

    def watch(self) -> bool:
        self.supervisor.watch()
        return self.supervisor.is_up("server") and len(self.workers()) > 1


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.supervisor.stop_all()
    made.record.release()


def is_gone(pid: int) -> bool:
    return identify(pid) is None


def test_what_crashes_comes_back_without_its_orphans(bench: Bench) -> None:
    bench.start()
    leader, (worker,) = bench.leader(), bench.workers()
    os.kill(leader, signal.SIGKILL)
    assert until(bench.watch, 10)
    assert is_gone(worker)
    assert bench.leader() != leader
    assert [line.split(";")[0] for line in bench.said] == ["server ended (signal SIGKILL)", "server runs again."]


def test_what_keeps_crashing_is_given_longer_pauses(bench: Bench) -> None:
    bench.program = Program(
        name="server", command=("false",), environment=dict(os.environ), directory=bench.program.directory
    )
    bench.supervisor.start(bench.program)

    def has_crashed_three_times() -> bool:
        bench.supervisor.watch()
        return bench.supervisor.crashes()["server"] == 3

    assert until(has_crashed_three_times, 10)
    assert [line.split("again in ")[1].split(".", 1)[0] for line in bench.said if "again in" in line] == [
        "0",
        "1 s",
        "2 s",
    ]


def test_what_is_stopped_stays_stopped_and_leaves_nothing(bench: Bench) -> None:
    bench.start()
    leader, (worker,) = bench.leader(), bench.workers()
    bench.supervisor.stop("server")
    bench.supervisor.watch()
    assert is_gone(leader)
    assert is_gone(worker)
    assert "server" not in bench.record.facts["processes"]


def test_a_nice_program_yields_to_the_others_and_not_only_to_itself(bench: Bench) -> None:
    """Where the kernel groups by session; elsewhere niceness counts as it is."""
    bench.program = replace(bench.program, command=("nice", "-n", "7", *bench.program.command))
    bench.start()
    leader = identify(bench.leader())
    assert leader is not None

    def is_spread() -> bool:
        bench.supervisor.watch()
        return niceness.of_session(leader) in {7, None}

    assert until(is_spread, 10)
    assert os.getpriority(os.PRIO_PROCESS, leader.pid) == 7


def test_a_paused_process_is_ended_all_the_same(bench: Bench) -> None:
    bench.start()
    leader = bench.leader()
    bench.supervisor.send("server", signal.SIGSTOP)
    assert until(lambda: psutil.Process(leader).status() == psutil.STATUS_STOPPED, 5)
    bench.supervisor.stop("server")
    assert is_gone(leader)


def test_a_taken_port_is_a_sentence(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.local.supervisor.PORT_SECONDS", 0.1)
    other = Bench(bench.program.directory / "other")
    bench.start()
    other.program = bench.program
    with pytest.raises(Refusal, match=f"Port {bench.port}, which server needs, is taken"):
        other.supervisor.start(other.program)
    other.record.release()


def test_the_last_runs_log_is_kept_beside_the_new_one(bench: Bench) -> None:
    bench.start()
    first = bench.workers()
    bench.supervisor.stop("server")
    bench.supervisor.start_again("server")
    assert until(bench.workers, 10)
    assert f"worker {first[0]}" in bench.log.with_suffix(".log.1").read_text(encoding="utf-8")
    assert bench.workers() != first


KILLED_OWNER = """
import os, signal, sys
from pathlib import Path
from tests.local.test_supervisor import Bench
bench = Bench(Path(sys.argv[1]))
bench.start()
print(bench.leader(), *bench.workers(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_start_after_a_killed_run_ends_what_it_left(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_OWNER, str(tmp_path)]
    owner = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert owner.returncode == -signal.SIGKILL, owner.stderr
    left = [int(number) for number in owner.stdout.split()]
    assert "server" in json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["processes"]
    assert not all(is_gone(pid) for pid in left)
    after = Record(tmp_path, "test")
    assert after.acquire()
    assert record.end_left_overs(tmp_path) == ["server"]
    assert all(is_gone(pid) for pid in left)
    after.release()


def test_a_number_that_went_to_a_stranger_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    entry = {"pid": stranger.pid, "started_at": 1000.0, "stop_signal": int(signal.SIGTERM)}
    (tmp_path / "run.json").write_text(json.dumps({"processes": {"server": entry}}), encoding="utf-8")
    assert record.end_left_overs(tmp_path) == []
    assert stranger.poll() is None
    stranger.communicate(b"\n")
