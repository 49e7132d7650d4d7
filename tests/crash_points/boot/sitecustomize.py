"""Runs at the start of every Python process of a run, before anything of the studio is imported.

CRASH_FOLDER holds `point`, the name of the moment that kills now, and gets `crashes`, a line for each death. Without it
nothing happens.
"""

import functools
import importlib.abc
import importlib.machinery
import inspect
import os
import random
import signal
import sys
from pathlib import Path

FOLDER = os.environ.get("CRASH_FOLDER", "")
CHANCE = 0.5


def die_at(name):
    folder = Path(FOLDER)
    try:
        point, _, limit = (folder / "point").read_text(encoding="utf-8").partition(" ")
        done = (
            (folder / "crashes").read_text(encoding="utf-8").split().count(name) if (folder / "crashes").exists() else 0
        )
    except OSError:
        return
    if point != name or done >= int(limit) or random.random() > CHANCE:
        return
    descriptor = os.open(folder / "crashes", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{name}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)


def mortal(name, point, function):
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*args, **kwargs):
            die_at(name)
            return await function(*args, **kwargs)

        return awaited

    @functools.wraps(function)
    def called(*args, **kwargs):
        if point.is_before:
            die_at(name)
        result = function(*args, **kwargs)
        if not point.is_before and (result or not point.needs_result):
            die_at(name)
        return result

    return called


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules with points as Python would, and changes them once they are there."""

    def __init__(self, points):
        self.points = points

    def find_spec(self, fullname, path, target=None):
        own = {name: point for name, point in self.points.items() if point.function.partition(":")[0] == fullname}
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target) if own else None
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            for name, point in own.items():
                *owners, attribute = point.function.partition(":")[2].split(".")
                owner = functools.reduce(getattr, owners, module)
                setattr(owner, attribute, mortal(name, point, getattr(owner, attribute)))

        setattr(spec.loader, "exec_module", exec_module)  # noqa: B010
        return spec


if FOLDER:
    sys.path.append(str(Path(__file__).parents[3]))
    from tests.crash_points.points import POINTS

    sys.meta_path.insert(0, Finder(POINTS))
