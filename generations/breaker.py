"""After one failure, no further try for a while. Per process; a wrong answer only delays a hint."""

import time


class Breaker:
    """Closed lets calls through. trip() opens it for some seconds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._open_until = 0.0

    @property
    def is_closed(self) -> bool:
        return time.monotonic() >= self._open_until

    def trip(self, seconds: float) -> None:
        self._open_until = time.monotonic() + seconds
