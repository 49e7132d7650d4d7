"""bin/chaos --seed N --minutes M: prints what was done and what was found, and keeps it under docs/evidence."""

import argparse
import sys
import threading
import time

from config.local.site import ROOT
from tests.chaos import report
from tests.chaos.run import Outcome, run
from tests.chaos.suffering import say, suffering

LEAST = 300
EVIDENCE = ROOT / "docs/evidence"


def progress(done: threading.Event, seconds: float) -> None:
    """A bar for the part whose length is known."""
    started = time.monotonic()
    while not done.wait(1):
        share = min(1.0, (time.monotonic() - started) / seconds)
        if sys.stderr.isatty():
            print(f"\rchaos       [{'█' * int(share * 40):<40}] {share:4.0%} ", end="", file=sys.stderr, flush=True)


def measure(seed: int, minutes: float, count: int, *, keep: bool) -> Outcome:
    """Starts a system of its own, lets it suffer, stops it."""
    with suffering("chaos", keep=keep) as system:
        done = threading.Event()
        bar = threading.Thread(target=progress, args=(done, minutes * 60))
        bar.start()
        try:
            return run(system, seed, minutes, count, lambda line: say("chaos", line))
        finally:
            done.set()
            bar.join()


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
