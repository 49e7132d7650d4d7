"""The sandbox's own clock: the wall's, plus what /control/clock moved it forward. Sleepers wake when it moves."""

import asyncio
import time


class Clock:
    """Seconds and nanoseconds since 1970; never used for signature timestamps, which are the wall's."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0
        self._moved = asyncio.Event()

    def now_ns(self) -> int:
        """Nanoseconds since 1970, offset included."""
        return time.time_ns() + int(self.offset_seconds * 1e9)

    def now(self) -> float:
        """Seconds since 1970, offset included."""
        return self.now_ns() / 1e9

    def set_offset(self, seconds: float) -> None:
        """Moves the clock and wakes everyone who sleeps by it."""
        self.offset_seconds = seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep_until(self, moment: float) -> None:
        """Returns once the clock shows the moment (seconds since 1970), by waiting or by being moved."""
        while (remaining := moment - self.now()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), remaining)
            except TimeoutError:
                continue
