"""Open pages during the run: a socket that is opened again whenever it is lost, and what it was told."""

import threading
import time

import requests
from websockets.exceptions import WebSocketException

from tests.visitor import Visitor

AGAIN_SECONDS = 0.5
RECEIVE_SECONDS = 2.0
# As the page's own script does it (static/js/live.js): the server says something every 25 s.
SILENCE_SECONDS = 60.0


class Watcher:
    """One person's page. cursor: the change it has been shown up to; it never goes back.

    begun_anew: how often it was told to load itself again, as for a change that the database does not know of.
    """

    def __init__(self, person: Visitor) -> None:
        self.person = person.sign_in()
        self.cursor = 0
        self.opened = 0
        self.begun_anew = 0
        self.went_back = 0
        self.heard_at = 0.0

    def run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                self._listen(stopping)
            except (WebSocketException, OSError, requests.RequestException):
                stopping.wait(AGAIN_SECONDS)

    def words(self) -> str:
        """Where it stands, for whoever looks for why it is late."""
        silence = time.monotonic() - self.heard_at
        return (
            f"{self.person.email} at change {self.cursor} of {self._newest()}, {silence:.0f} s after a word,"
            f" opened {self.opened} times, begun anew {self.begun_anew} times"
        )

    def has_caught_up(self) -> bool:
        """The page has been told of the last change there was."""
        return self.cursor >= self._newest()

    def _listen(self, stopping: threading.Event) -> None:
        with self.person.socket(have=self.cursor) as socket:
            self.opened += 1
            self.heard_at = time.monotonic()
            while not stopping.is_set() and time.monotonic() - self.heard_at < SILENCE_SECONDS:
                try:
                    frame = socket.receive(RECEIVE_SECONDS)
                except TimeoutError:
                    continue
                self.heard_at = time.monotonic()
                if "reset" in frame:
                    self.begun_anew += 1
                    self.cursor = 0
                    return
                self.went_back += frame.get("cursor", self.cursor) < self.cursor
                self.cursor = max(self.cursor, frame.get("cursor", 0))

    def _newest(self) -> int:
        ((seq,),) = self.person.system.query(
            "SELECT coalesce(max(change_seq), 0) FROM generations_generation WHERE user_id = %s", self.person.id
        )
        return int(str(seq))
