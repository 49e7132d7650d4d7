"""People at the running system who send again until they have an answer, as a careful program does."""

import contextlib
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.chaos.wishes import Wish
from tests.media_pipeline import pictures
from tests.system import RunningSystem
from tests.visitor import Visitor

CREATE = "/api/generations/create"
PATIENCE_SECONDS = 180.0
BETWEEN_SECONDS = 0.5
# Of a wish as it is, not of the moment.
FINAL = {400, 402, 404, 409, 422}


@dataclass
class Told:
    """What clients were told. ids: by key. answers: by status, 0 for none at all."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    gave_up: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, answer: requests.Response | None) -> bool:
        """True when the client is done."""
        with self.lock:
            self.answers[0 if answer is None else answer.status_code] += 1
            if answer is not None and answer.status_code == requests.codes.created:
                self.ids.setdefault(key, set()).add(str(answer.json()["id"]))
                return True
            if answer is not None and answer.status_code in FINAL:
                self.refused[key] = answer.status_code
                return True
        return False


class Crowd:
    """Each wish at its moment, from a thread of its own. pause: never set; to wait on."""

    def __init__(self, system: RunningSystem, people: int) -> None:
        self.system = system
        self.people = [Visitor(system, f"chaos{number}", 5000) for number in range(people)]
        self.uploads = [self._upload(person) for person in self.people]
        self.told = Told()
        self.pause = threading.Event()
        self.threads = ThreadPoolExecutor(64, thread_name_prefix="client")

    def run(self, wishes: list[Wish], stopping: threading.Event) -> None:
        """Returns when every client is done or has lost patience."""
        started = time.monotonic()
        asked = []
        for wish in wishes:
            if stopping.wait(max(0.0, started + wish.at - time.monotonic())):
                break
            asked += [self.threads.submit(self._ask, wish) for _number in range(wish.sends)]
        for one in asked:
            one.result()

    def again(self, wishes: list[Wish]) -> list[str]:
        """Every key once more, now that all is well: what is answered otherwise than before."""
        wrong = []
        for wish in wishes:
            before = self.told.ids.get(wish.key, set())
            if before:
                answer = self._send(wish)
                after = {str(answer.json()["id"])} if answer is not None and answer.ok else set()
                if before != after:
                    wrong.append(f"{wish.key}: {sorted(before)}, then {sorted(after) or answer}")
        return wrong

    def _ask(self, wish: Wish) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        if wish.throttled:
            self._throttle(wish)
        answer = None
        while time.monotonic() < end:
            answer = self._send(wish)
            if self.told.note(wish.key, answer):
                break
            self.pause.wait(BETWEEN_SECONDS)
        else:
            self.told.gave_up.add(wish.key)
        if wish.cancel_after is not None and answer is not None and answer.status_code == requests.codes.created:
            self.pause.wait(wish.cancel_after)
            self._try("POST", wish, f"/api/generations/{answer.json()['id']}/cancel")

    def _send(self, wish: Wish) -> requests.Response | None:
        body: dict[str, Any] = dict(wish.body)
        if wish.with_picture:
            body["inputs"] = {"image": self.uploads[wish.person]}
        return self._try("POST", wish, CREATE, json=body, headers={"Idempotency-Key": wish.key})

    def _try(self, method: str, wish: Wish, path: str, **more: Any) -> requests.Response | None:
        try:
            return self.people[wish.person].call(method, path, **more)
        except requests.RequestException:
            return None

    def _throttle(self, wish: Wish) -> None:
        """The provider turns it away that often; a provider that is down itself does not hear of it."""
        fault = {"match": wish.tag, "fault": "429", "value": "1", "times": wish.throttled}
        with contextlib.suppress(requests.RequestException):
            requests.post(f"{self.system.sandbox_url}/control/faults", json=fault, timeout=5)

    @staticmethod
    def _upload(person: Visitor) -> str:
        files = [("files", ("kite.png", pictures.encoded("PNG", 320, 240), "image/png"))]
        answer = person.call("POST", "/api/upload", files=files)
        assert answer.status_code == requests.codes.created, answer.text
        return str(answer.json()[0]["id"])
