"""The sandbox as Higgsfield, for the tests of this face: a client with a key, and the shortest wishes."""

from typing import Any

import requests

from tests.sandbox.running import RunningSandbox, eventually

SOUL = "higgsfield-ai/soul/standard"
KLING = "kling-video/v3.0/std/image-to-video"
OLD_SOUL = "v1/text2image/soul"
DOP = "v1/image2video/dop"
KEY = "Key id:secret"
FINAL = ("completed", "failed", "nsfw", "canceled")


class Higgsfield:
    """Calls with `Authorization: Key …`, or, for the old API, with its two headers."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.base = f"{sandbox.origin}/higgsfield"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """One call; a path, or a whole address from an answer. headers take the place of the key."""
        headers = more.pop("headers", {"Authorization": KEY})
        address = path if path.startswith("http") else f"{self.base}/{path}"
        return requests.request(method, address, headers=headers, timeout=30, **more)

    def submit(
        self, prompt: str, model: str = SOUL, *, key: str = "", hook: str = "", **more: Any
    ) -> requests.Response:
        """POST /{model}; key: the Idempotency-Key."""
        headers = {"Authorization": KEY} | ({"Idempotency-Key": key} if key else {})
        params = {"hf_webhook": hook} if hook else {}
        return self.call("POST", model, json={"prompt": prompt} | more, headers=headers, params=params)

    def submit_old(self, prompt: str, endpoint: str = OLD_SOUL, *, webhook: object = None, **more: Any) -> Any:
        """POST /v1/…; what it answers."""
        body: dict[str, Any] = {"params": {"prompt": prompt} | more}
        if webhook:
            body["webhook"] = webhook
        headers = {"hf-api-key": "id", "hf-secret": "secret"}
        return self.call("POST", endpoint, json=body, headers=headers)

    def accepted(self, prompt: str, model: str = SOUL, **more: Any) -> dict[str, Any]:
        """The object a submit answers with."""
        answer = self.submit(prompt, model, **more)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def status(self, request_id: str) -> dict[str, Any]:
        """The request as it is now."""
        told: dict[str, Any] = self.call("GET", f"requests/{request_id}/status").json()
        return told

    def ended(self, request_id: str) -> dict[str, Any]:
        """The request once it has ended."""
        return eventually(lambda: told if (told := self.status(request_id))["status"] in FINAL else {})

    def job_set(self, set_id: str) -> dict[str, Any]:
        """The job set once all its jobs have ended."""

        def look() -> dict[str, Any]:
            told: dict[str, Any] = self.call("GET", f"v1/job-sets/{set_id}").json()
            return told if all(job["status"] in FINAL for job in told["jobs"]) else {}

        return eventually(look)
