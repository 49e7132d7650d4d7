"""The sandbox's fal as a caller sees it. For the tests of this folder."""

from typing import Any

import requests

from tests.sandbox.running import RunningSandbox, eventually

KEY = {"Authorization": "Key test:secret"}
DEV = "fal-ai/flux/dev"
EDIT = "fal-ai/nano-banana/edit"
WAN = "fal-ai/wan/v2.7/text-to-video"


class Fal:
    """Below one running sandbox, with a key."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.queue = f"{sandbox.origin}/fal/queue"
        self.rest = f"{sandbox.origin}/fal/rest"
        self.http = requests.Session()
        self.http.headers.update(KEY)

    def submit(
        self, prompt: str, endpoint: str = DEV, *, webhook: str = "", headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        """A small picture unless the model takes no size."""
        size = {"image_size": "square"} if endpoint == DEV else {}
        return self.http.post(
            f"{self.queue}/{endpoint}",
            params={"fal_webhook": webhook} if webhook else {},
            json={"prompt": prompt} | size | more,
            headers=headers,
            timeout=30,
        )

    def accepted(self, prompt: str, endpoint: str = DEV, **more: Any) -> dict[str, Any]:
        answer = self.submit(prompt, endpoint, **more)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def status(self, submitted: dict[str, Any], **params: str) -> requests.Response:
        return self.http.get(submitted["status_url"], params=params, timeout=30)

    def is_at(self, submitted: dict[str, Any], word: str) -> bool:
        return bool(self.status(submitted).json()["status"] == word)

    def result(self, submitted: dict[str, Any]) -> requests.Response:
        """What it ended with, once it has."""
        eventually(lambda: self.is_at(submitted, "COMPLETED"))
        return self.http.get(submitted["response_url"], timeout=30)

    def cancel(self, submitted: dict[str, Any]) -> requests.Response:
        return self.http.put(submitted["cancel_url"], timeout=30)

    def upload(self, content: bytes, content_type: str = "image/png") -> str:
        announced = self.http.post(
            f"{self.rest}/storage/upload/initiate?storage_type=fal-cdn-v3",
            json={"file_name": "a b.png", "content_type": content_type},
            timeout=5,
        ).json()
        assert requests.put(announced["upload_url"], data=content, timeout=5).status_code == 200
        return str(announced["file_url"])
