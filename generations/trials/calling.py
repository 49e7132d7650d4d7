"""The studio's own API, called as any program calls it: uploads, wishes, their rows, their files."""

import time
from collections.abc import Collection, Mapping
from typing import Any

import requests

from generations.trials import samples
from generations.trials.planning import Trial

PATIENCE_SECONDS = 60
MOST_ROWS = 100


class Refused(Exception):
    """The API did not take it; the message is its answer's code and sentence."""

    def __init__(self, answer: requests.Response) -> None:
        told = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        self.code = str(told.get("code", ""))
        fields = "; ".join(f"{name}: {sentence}" for name, sentence in told.get("fields", {}).items())
        super().__init__(f"{answer.status_code} {self.code}: {fields or told.get('error') or answer.text[:200]}")


class Api:
    """One person's view of it."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Authorization": f"Bearer {key}", "Accept-Language": "en"})

    def upload(self, slots: Collection[str]) -> dict[str, str]:
        """A sample for each slot, uploaded together: slot → its file's id."""
        files = [("files", samples.content_of(slot)) for slot in slots]
        answers: list[dict[str, Any]] = self._call("POST", "/api/upload", files=files).json() if files else []
        return {slot: str(one["id"]) for slot, one in zip(slots, answers, strict=True)}

    def ask(self, trial: Trial, files: Mapping[str, str], key: str) -> str:
        """The id of the generation; the same key never makes a second one. Raises Refused."""
        body: dict[str, Any] = {"model": trial.model.id, "params": dict(trial.params)}
        body |= {"prompt": trial.prompt} if trial.prompt else {}
        body |= {"inputs": {slot: [files[slot]] for slot in trial.slots}} if trial.slots else {}
        answer = self._call("POST", "/api/generations/create", json=body, headers={"Idempotency-Key": key})
        return str(answer.json()["id"])

    def rows(self) -> list[dict[str, Any]]:
        """The newest of this person's, newest first."""
        return list(self._call("GET", f"/api/generations/list?limit={MOST_ROWS}").json())

    def row(self, generation_id: str) -> dict[str, Any]:
        return dict(self._call("GET", f"/api/generations/{generation_id}").json())

    def files_of(self, row: Mapping[str, Any]) -> list[bytes]:
        """The originals, as they are handed out to whom they belong."""
        return [self._call("GET", url.removeprefix(self._address)).content for url in row["output_urls"] or ()]

    def _call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Waits where it is told to slow down. Raises Refused, and what requests raises when nobody answers."""
        while True:
            answer = self._session.request(method, f"{self._address}{path}", timeout=PATIENCE_SECONDS, **more)
            if answer.ok:
                return answer
            refused = Refused(answer)
            if refused.code != "rate_limited":
                raise refused
            time.sleep(float(answer.headers["Retry-After"]))
