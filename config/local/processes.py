"""Processes of the operating system: who one is, whether its group still lives, how a group ends."""

import contextlib
import ctypes
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psutil

from config.local.waiting import until

PATIENCE_SECONDS = 8.0
# Start times come from the kernel in ticks and pass through a JSON file.
SAME_START_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Identity:
    """A process for certain: its number alone may be somebody else's by now."""

    pid: int
    started_at: float


def identify(pid: int) -> Identity | None:
    """Who has that number now; None when nobody does."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else Identity(pid, process.create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(identity: Identity) -> bool:
    """True when this very process still runs."""
    now = identify(identity.pid)
    return now is not None and abs(now.started_at - identity.started_at) < SAME_START_SECONDS


def has_group(leader: Identity) -> bool:
    """True while anything lives in the group this process led, itself included."""
    if (now := identify(leader.pid)) and abs(now.started_at - leader.started_at) >= SAME_START_SECONDS:
        return False  # the number went to a stranger, which the kernel does only when the group is empty
    try:
        os.killpg(leader.pid, 0)
    except (ProcessLookupError, PermissionError):  # empty, or not ours
        return False
    for process in psutil.process_iter():  # what is left may be zombies nobody collects
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getpgid(process.pid) == leader.pid and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def signal_group(leader: Identity, number: signal.Signals) -> None:
    """Sends the signal to everything in the group, if anything is left of it."""
    if has_group(leader):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(leader.pid, number)


def end_groups(leaders: Iterable[tuple[Identity, signal.Signals]], reap: Callable[[], object] = bool) -> None:
    """Asks each group with its own signal, and after eight seconds ends what is left by force.

    `reap` is called while waiting: a parent collects its dead children there.
    """
    waiting = list(leaders)
    for leader, number in waiting:
        signal_group(leader, number)
        signal_group(leader, signal.SIGCONT)

    def are_gone() -> bool:
        reap()
        return not any(has_group(leader) for leader, _ in waiting)

    if not until(are_gone, PATIENCE_SECONDS):
        for leader, _ in waiting:
            signal_group(leader, signal.SIGKILL)
        until(are_gone, PATIENCE_SECONDS)


def dying_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child runs before its program so that the kernel ends it when its parent is killed; Linux only."""
    if not hasattr(_libc, "prctl"):
        return None

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number))

    return tie
