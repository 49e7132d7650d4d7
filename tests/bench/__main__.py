"""Runs benchmarks by name: a table for people on stderr, JSON on stdout."""

import argparse
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.local import ports
from config.local.site import ROOT, Site
from config.local.system import System
from tests.bench import create, library, live, media
from tests.system import RunningSystem

BENCHES: dict[str, Callable[[RunningSystem], list[dict[str, Any]]]] = {
    "create": create.run,
    "library": library.run,
    "live": live.run,
    "media": media.run,
}
# Nobody is refused for asking often; the rest is as in bin/run.
SETTINGS = {"RATE_API": "1000000/m", "LOG_LEVEL": "INFO"}


def say(topic: str, message: str) -> None:
    print(f"{topic:<11} {message}", file=sys.stderr, flush=True)


def measure(names: list[str]) -> dict[str, Any]:
    """Starts a system of its own, runs the benches, stops it."""
    base = Path(os.environ.get("DATA_DIR") or ROOT / "var")
    given = {**os.environ, **SETTINGS}
    site = Site(data_dir=base / f"bench-{os.getpid()}", port=ports.choose(), given=given, is_throwaway=False)
    system = System(site, say)
    watcher = threading.Thread(target=system.watch)
    try:
        system.start()
        watcher.start()
        return {name: BENCHES[name](RunningSystem(system)) for name in names}
    finally:
        system.stopping.set()
        if watcher.is_alive():
            watcher.join()
        system.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"{', '.join(BENCHES)}; all unless told")
    names = parser.parse_args().name or list(BENCHES)
    if unknown := set(names) - set(BENCHES):
        parser.error(f"there is no {sorted(unknown)[0]}; there are: {', '.join(BENCHES)}")
    results = measure(names)
    for name, rows in results.items():
        for row in rows:
            say(name, "  ".join(f"{key} {value}" for key, value in row.items()))
    print(json.dumps({"cores": os.cpu_count(), **results}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
