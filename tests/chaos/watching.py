"""Open pages during the run: a socket that is opened again whenever it is lost, and what it was told."""

import threading

import requests
from websockets.exceptions import WebSocketException

from tests.visitor import Visitor

AGAIN_SECONDS = 0.5
RECEIVE_SECONDS = 2.0


class Watcher:
    """One person's page. cursor: the change it has been shown up to; it never goes back."""

    def __init__(self, person: Visitor) -> None:
        self.person = person.sign_in()
        self.cursor = 0
        self.opened = 0
        self.went_back = 0

    def run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                self._listen(stopping)
            except (WebSocketException, OSError, requests.RequestException):
                stopping.wait(AGAIN_SECONDS)

    def _listen(self, stopping: threading.Event) -> None:
        with self.person.socket(have=self.cursor) as socket:
            self.opened += 1
            while not stopping.is_set():
                try:
                    frame = socket.receive(RECEIVE_SECONDS)
                except TimeoutError:
                    continue
                self.went_back += frame.get("cursor", self.cursor) < self.cursor
                self.cursor = max(self.cursor, frame.get("cursor", 0))

    def has_caught_up(self) -> bool:
        """The page has been told of the last change there was."""
        ((seq,),) = self.person.system.query(
            "SELECT coalesce(max(change_seq), 0) FROM generations_generation WHERE user_id = %s", self.person.id
        )
        return self.cursor >= int(str(seq))
