"""A system of one's own that may be hurt: stored as bin/run stores, with short leases and impatient models."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from config.local import ports
from config.local.site import ROOT, Site
from config.local.system import System
from tests.chaos import models
from tests.system import SHORT, RunningSystem

SETTINGS = {
    "SANDBOX_SPEED": "0.05",
    "UNCONFIRMED_GRACE_SECONDS": "5",
    "LOG_LEVEL": "INFO",
    "SOCKET_TICK_SECONDS": "2",
}


def say(topic: str, message: str) -> None:
    print(f"\r{topic:<11} {message}", file=sys.stderr, flush=True)


@contextmanager
def suffering(name: str, more: Mapping[str, str] | None = None, *, keep: bool = False) -> Iterator[RunningSystem]:
    """Ready when it is yielded. more: further settings. keep: leaves logs and files to look at."""
    base = (ROOT / "var" if not os.environ.get("DATA_DIR") else ROOT.joinpath(os.environ["DATA_DIR"])).resolve()
    folder = base / f"{name}-{os.getpid()}"
    models.write(folder / "models")
    given = {**os.environ, **SHORT, **SETTINGS, **(more or {}), "CATALOGUE_EXTRA_DIR": str(folder / "models")}
    # A throwaway server answers before it has written, and loses commits when it is killed.
    site = Site(data_dir=folder, port=ports.choose(), given=given, is_throwaway=False)
    # Who falls over and comes back is the point, and would fill the screen.
    system = System(site, lambda topic, line: None if topic == "processes" else say(topic, line))
    watcher = threading.Thread(target=system.watch)
    try:
        system.start()
        watcher.start()
        yield RunningSystem(system)
    finally:
        system.stopping.set()
        if watcher.is_alive():
            watcher.join()
        system.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
