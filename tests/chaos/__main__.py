"""bin/chaos --seed N --minutes M: prints what was done and what was found, and keeps it under docs/evidence."""

import argparse
import os
import shutil
import sys
import threading
import time
from pathlib import Path

from config.local import ports
from config.local.site import ROOT, Site
from config.local.system import System
from tests.chaos import models, report
from tests.chaos.run import Outcome, run
from tests.system import SHORT, RunningSystem

LEAST = 300
EVIDENCE = ROOT / "docs/evidence"
SETTINGS = {
    "SANDBOX_SPEED": "0.05",
    "UNCONFIRMED_GRACE_SECONDS": "5",
    "LOG_LEVEL": "INFO",
    "SOCKET_TICK_SECONDS": "2",
}


def say(topic: str, message: str) -> None:
    print(f"\r{topic:<11} {message}", file=sys.stderr, flush=True)


def progress(done: threading.Event, seconds: float) -> None:
    """A bar for the part whose length is known."""
    started = time.monotonic()
    while not done.wait(1):
        share = min(1.0, (time.monotonic() - started) / seconds)
        if sys.stderr.isatty():
            print(f"\rchaos       [{'█' * int(share * 40):<40}] {share:4.0%} ", end="", file=sys.stderr, flush=True)


def measure(seed: int, minutes: float, count: int, *, keep: bool) -> Outcome:
    """Starts a system of its own, lets it suffer, stops it."""
    base = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    folder = base / f"chaos-{os.getpid()}"
    models.write(folder / "models")
    given = {**os.environ, **SHORT, **SETTINGS, "CATALOGUE_EXTRA_DIR": str(folder / "models")}
    site = Site(data_dir=folder, port=ports.choose(), given=given, is_throwaway=True)
    # Who falls over and comes back is the point, and would fill the screen.
    system = System(site, lambda topic, line: None if topic == "processes" else say(topic, line))
    done = threading.Event()
    watcher = threading.Thread(target=system.watch)
    bar = threading.Thread(target=progress, args=(done, minutes * 60))
    try:
        system.start()
        watcher.start()
        bar.start()
        return run(RunningSystem(system), seed, minutes, count, lambda line: say("chaos", line))
    finally:
        done.set()
        system.stopping.set()
        for thread in (watcher, bar):
            if thread.is_alive():
                thread.join()
        system.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--generations", type=int, default=LEAST, help=f"how many are asked for; {LEAST} unless told")
    parser.add_argument("--keep", action="store_true", help="leave logs and files below DATA_DIR to look at")
    asked = parser.parse_args()
    outcome = measure(asked.seed, asked.minutes, asked.generations, keep=asked.keep)
    text = report.markdown(outcome)
    print(text)
    if outcome.asked >= LEAST:
        EVIDENCE.mkdir(parents=True, exist_ok=True)
        (EVIDENCE / f"chaos-seed-{outcome.seed}.md").write_text(text + "\n", encoding="utf-8")
    print(outcome.summary)
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
