"""How pulse sleeps: until somebody says that a row is due, and a while at most."""

import threading
import time

from redis.exceptions import RedisError

from generations.notices import DUE
from generations.redis_client import client


class Alarm:
    """What was said while nobody listened is lost, as is everything without Redis: whoever waits looks anyway."""

    def __init__(self) -> None:
        self._ear = client().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]

    def wait(self, seconds: float, stopping: threading.Event) -> None:
        """Returns when a row is due, or after so many seconds."""
        end = time.monotonic() + seconds
        try:
            if not self._ear.subscribed:
                self._ear.subscribe(DUE)
            while (left := end - time.monotonic()) > 0 and not stopping.is_set():
                if self._ear.get_message(timeout=left):
                    self._hear_out()
                    return
        except (RedisError, OSError):
            stopping.wait(max(0.0, end - time.monotonic()))

    def _hear_out(self) -> None:
        """One look answers them all."""
        while self._ear.get_message(timeout=0):
            pass
