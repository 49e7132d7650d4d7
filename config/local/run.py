"""bin/run: starts the system, says where it is, and keeps it running until told to stop."""

import contextlib
import signal
import sys
import time
from types import FrameType

from config.local.management import Stopped
from config.local.site import Refusal, from_environment
from config.local.system import System


def say(topic: str, message: str) -> None:
    """One line for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        print(f"{topic:<11} {message}", flush=True)


def main() -> int:
    """0 after a clean stop, 1 with a sentence when it could not start."""
    started = time.monotonic()
    try:
        system = System(from_environment(), say)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        system.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        welcome = system.start()
        say("ready", f"after {time.monotonic() - started:.0f} s; Ctrl-C stops everything")
        with contextlib.suppress(OSError):
            print(f"{welcome.rstrip()}\nReady {system.site.url}".lstrip(), flush=True)
        system.watch()
    except Stopped:
        pass
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        if system.addresses:  # it got as far as having a place, so there is something to stop
            say("stopping", "everything, in order")
        system.stop()
    say("stopped", "cleanly")
    return 0


if __name__ == "__main__":
    sys.exit(main())
