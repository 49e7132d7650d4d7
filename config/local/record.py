"""DATA_DIR/run.json: what runs here now, for other commands and for the start after a crash.

The lock beside it is held as long as its owner lives, so that "already running" is never a guess.
"""

import fcntl
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from config.local import postgres
from config.local.processes import Identity, end_groups, has_group, identify, is_alive
from config.local.secrets import write_private


@dataclass
class Record:
    """The owner's view: it alone writes."""

    data_dir: Path
    # "run" for the whole system, "manage" for the services of one command.
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    _lock: IO[str] | None = None

    def acquire(self) -> bool:
        """True when nobody else holds this DATA_DIR; ours until released or until this process dies."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        lock = (self.data_dir / "run.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    @property
    def is_held(self) -> bool:
        """True from acquire to release."""
        return self._lock is not None

    def describe_owner(self) -> str:
        """A sentence about whoever holds this DATA_DIR instead of us."""
        facts = read(self.data_dir) or {}
        if facts.get("kind") == "run":
            proxy, pid = facts["addresses"]["proxy"], facts["owner"]["pid"]
            return f"Already running at {proxy}. Stop it with Ctrl-C in its terminal, or with: kill {pid}"
        return f"Another command is using {self.data_dir} right now; try again when it is done."

    def begin(self, addresses: Mapping[str, str], ports: Mapping[str, int]) -> None:
        """Names this process as the owner."""
        owner = identify(os.getpid())
        assert owner is not None  # noqa: S101 (we are alive)
        self.facts = {"kind": self.kind, "owner": _as_json(owner), "addresses": dict(addresses)}
        self.facts |= {"ports": dict(ports), "processes": {}}
        self._write()

    def note(self, name: str, process: Identity, stop_signal: signal.Signals) -> None:
        """A process that was started."""
        self.facts["processes"][name] = {**_as_json(process), "stop_signal": int(stop_signal)}
        self._write()

    def forget(self, name: str) -> None:
        """A process that is gone for good."""
        self.facts["processes"].pop(name, None)
        self._write()

    def mark_serving(self) -> None:
        """The services answer; other commands may use them."""
        self.facts["is_serving"] = True
        self._write()

    def release(self) -> None:
        """The end of a clean stop."""
        (self.data_dir / "run.json").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _write(self) -> None:
        write_private(self.data_dir / "run.json", json.dumps(self.facts, indent=1))


def _as_identity(entry: Mapping[str, Any]) -> Identity:
    return Identity(int(entry["pid"]), float(entry["started_at"]))


def _as_json(identity: Identity) -> dict[str, float]:
    return {"pid": identity.pid, "started_at": identity.started_at}


def read(data_dir: Path) -> dict[str, Any] | None:
    """What the owner wrote; None when nothing was, or it is unreadable."""
    try:
        facts = json.loads((data_dir / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def read_running(data_dir: Path) -> dict[str, Any] | None:
    """The same when it was written by a bin/run that still lives and has its services up; else None."""
    facts = read(data_dir)
    if facts is None or facts["kind"] != "run" or not is_alive(_as_identity(facts["owner"])):
        return None
    return facts if facts.get("is_serving") else None


def end_left_overs(data_dir: Path) -> list[str]:
    """Stops what a killed owner left behind, the last started first; only the holder of the lock may call it.

    Answers the names of what was still there.
    """
    processes = (read(data_dir) or {}).get("processes", {})
    leaders = {
        name: (_as_identity(entry), signal.Signals(entry["stop_signal"]))
        for name, entry in reversed(list(processes.items()))
    }
    left = [name for name in leaders if has_group(leaders[name][0])]
    services = [name for name in left if name in {"postgres", "valkey"}]
    end_groups(leaders[name] for name in left if name not in services)
    end_groups(leaders[name] for name in services)
    # Its own lock file knows it even when run.json is lost.
    if holder := postgres.left_over(data_dir / "postgres"):
        end_groups([(holder, signal.SIGINT)])
        left.append("postgres")
    (data_dir / "run.json").unlink(missing_ok=True)
    return left
