"""Who used the processors: CPU time by program, read before and after."""

import contextlib
import os
from collections.abc import Mapping

import psutil

from tests.system import RunningSystem

WORTH_SAYING_MS = 0.05


def seconds_used(system: RunningSystem) -> dict[str, float]:
    """CPU seconds of every program so far, its children included, and of this process as "client"."""
    used = {name: _of_tree(pid) for name, pid in system.processes.items()}
    own = os.times()
    return {**used, "client": own.user + own.system}


def per_request(before: Mapping[str, float], after: Mapping[str, float], requests: int) -> dict[str, float]:
    """CPU milliseconds of every program by request; what was too little to see is left out."""
    shares = {name: (seconds - before.get(name, 0.0)) * 1000 / requests for name, seconds in after.items()}
    return {name: round(share, 2) for name, share in shares.items() if share >= WORTH_SAYING_MS}


def _of_tree(pid: int) -> float:
    total = 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        leader = psutil.Process(pid)
        ended = leader.cpu_times()
        total += ended.children_user + ended.children_system
        for process in [leader, *leader.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
    return total
