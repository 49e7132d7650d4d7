"""A Replicate over real HTTP that does exactly what it is told, and keeps every job it took."""

import io
import itertools
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from PIL import Image

from accounts.ids import uuid7
from tests.fuzz.speaking import Headers, _standard
from tests.providers.server import Behaviour, Call, Server, answers, hangs_up

ENDED = {"succeeded", "failed", "canceled", "aborted"}
WEBP = {"Content-Type": "image/webp"}


def _picture() -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", (64, 64), "teal").save(file, "WEBP")
        return file.getvalue()


PICTURE = _picture()


@dataclass
class Job:
    """A prediction. said: every body that was or could have been delivered about it, in the order of its life."""

    id: str
    inputs: dict[str, Any]
    webhook: str
    created_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    status: str = "starting"
    output: list[str] | None = None
    error: str | None = None
    said: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.said.append(self.body)

    @property
    def attempt_id(self) -> UUID:
        """Whose address it was given."""
        return UUID(self.webhook.split("/")[-2])

    @property
    def body(self) -> bytes:
        return json.dumps(self.facts).encode()

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "id": self.id, "model": "black-forest-labs/flux-schnell", "input": self.inputs, "status": self.status,
            "output": self.output, "error": self.error, "created_at": self.created_at, "logs": "",
        }  # fmt: skip

    def become(self, status: str, *, output: list[str] | None = None, error: str | None = None) -> None:
        """What has ended stays so."""
        if self.status not in ENDED:
            self.status, self.output, self.error = status, output, error
            self.said.append(self.body)


REFUSALS: dict[str, Behaviour] = {
    "busy": answers(429, {"detail": "slow down"}, {"Retry-After": "7"}),
    "no credit": answers(402, {"detail": "Insufficient credit"}),
    "no entry": answers(401, {"detail": "Unauthenticated"}),
    "bad wish": answers(422, {"detail": "- input.prompt is too long"}),
    "indecent": answers(422, {"detail": "flagged as sensitive content"}),
    "broken": answers(500, {"detail": "oops"}),
}
# It took the job, and the answer says otherwise or never comes.
TAKEN_IN_SILENCE: dict[str, Behaviour] = {
    "takes it, hangs up": hangs_up,
    "takes it, answers 502": answers(502, {"detail": "bad gateway"}),
    "takes it, answers nonsense": answers(201, b"<html>"),
}
WAYS = ["takes it", *REFUSALS, *TAKEN_IN_SILENCE]


class Replicate:
    """way: how the next submits are answered. is_answering: whether questions about jobs are."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.way = "takes it"
        self.is_answering = True
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.server = Server(self._behave)

    @property
    def base_url(self) -> str:
        return f"{self.server.origin}/v1"

    def sign(self, body: bytes) -> Headers:
        return _standard(body)

    def files(self, count: int, *, are_there: bool = True) -> list[str]:
        kind = "there" if are_there else "gone"
        return [f"{self.server.origin}/files/{kind}/{uuid7().hex}.webp" for _number in range(count)]

    def _behave(self, call: Call) -> None:
        with self._lock:
            behave = self._answer(call)
        behave(call)

    def _answer(self, call: Call) -> Behaviour:
        if call.target.startswith("/files/"):
            is_there = call.target.startswith("/files/there/")
            return answers(200, PICTURE, WEBP) if is_there else answers(410, b"gone")
        *_rest, last = call.target.partition("?")[0].split("/")
        if call.method == "POST" and last == "predictions":
            return self._submitted(call)
        if not self.is_answering:
            return answers(503, {"detail": "not now"})
        if last == "predictions":
            newest_first = [job.facts for job in reversed(self.jobs.values())]
            return answers(200, {"next": None, "results": newest_first})
        known = self.jobs.get(call.target.split("/")[3])
        if known is None:
            return answers(404, {"detail": "not found"})
        if last == "cancel":
            known.become("canceled")
        return answers(200, known.facts)

    def _submitted(self, call: Call) -> Behaviour:
        if self.way in REFUSALS:
            return REFUSALS[self.way]
        job = Job(f"job{next(self._numbers)}x{uuid7().hex[-8:]}", call.json["input"], call.json.get("webhook", ""))
        self.jobs[job.id] = job
        return TAKEN_IN_SILENCE.get(self.way, answers(201, job.facts))
