"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable

STEP_SECONDS = 0.05


def until(condition: Callable[[], object], seconds: float, step_seconds: float = STEP_SECONDS) -> bool:
    """True as soon as the condition holds, False when it still does not after that many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step_seconds)
    return True
