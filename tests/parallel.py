"""All tests in several processes beside each other; a part of them in the one that was started.

Each process has services of its own (tests/plugin.py), so that nothing is shared but the machine. A file is run
by one of them, from its first test to its last; the longest come first, so that no process is left alone with one.
"""

import os
from pathlib import Path

import pytest

from config.local import ports

WORKER = "PYTEST_XDIST_WORKER"
# The mark whose tests are left out. In the environment, where each process of a run finds it.
LEFT_OUT = "TESTS_LEFT_OUT"
# What takes long is known by the fixtures it asks for: every page in every look, every model, the running system.
LONGEST_FIRST = ("cast", "patient_system", "system")
# Many tests wait more than they compute: one process more than there are cores, and an end to it on a large machine.
MOST = 6


def divide(config: pytest.Config, args: list[str]) -> bool:
    """Completes a command line that asks for everything. True when this process only hands out.

    Without a path, -k or -m what is marked long stays out, and -n is added where it is not said.
    """
    asked = config.known_args_namespace
    if asked.collectonly or asked.usepdb or WORKER in os.environ:
        return False
    # Before its plugins are known pytest takes the 4 of "-n 4" for a path.
    paths = [path for path in asked.file_or_dir if Path(path.partition("::")[0]).exists()]
    is_part = paths or asked.keyword or asked.markexpr or asked.lf or asked.failedfirst
    if not is_part:
        os.environ[LEFT_OUT] = "long"
    if asked.numprocesses is None and not asked.tx and not is_part:
        args[:0] = ["-n", "auto"]
        return True
    return bool(asked.numprocesses or asked.tx)


def keep_to_own_ports() -> None:
    """A port is chosen before it is listened at: two processes must not choose the same one in that moment."""
    if number := os.environ.get(WORKER, "").removeprefix("gw"):
        ports.RANGE = ports.RANGE[int(number) :: int(os.environ["PYTEST_XDIST_WORKER_COUNT"])]


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    return min(len(os.sched_getaffinity(0)) + 1, MOST)


def place_of(item: pytest.Item) -> int:
    """The smaller, the sooner it is begun."""
    names = getattr(item, "fixturenames", ())
    return next((place for place, name in enumerate(LONGEST_FIRST) if name in names), len(LONGEST_FIRST))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest comes first, unless it is left out."""
    if mark := os.environ.get(LEFT_OUT):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(mark)])
        items[:] = [item for item in items if not item.get_closest_marker(mark)]
    if hasattr(config, "workerinput"):
        items.sort(key=place_of)
