"""A sandbox in a process of its own, and a little server that receives its webhooks. For the tests of this folder."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import requests
from replicate.client import Client

from config.local import ports

ROOT = Path(__file__).resolve().parents[2]
SCHNELL = "black-forest-labs/flux-schnell"
DEV = "black-forest-labs/flux-dev"
PRO = "black-forest-labs/flux-1.1-pro"
TOKEN = "r8_test"
Found = TypeVar("Found")


def eventually(look: Callable[[], Found], seconds: float = 15) -> Found:
    """What `look` returns, as soon as it is true; fails when it is not so in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {seconds} s: {found!r}")
        time.sleep(0.01)
    return found


class RunningSandbox:
    """`python -m providers.sandbox` on a port of its own; `speed` shortens the models' times."""

    def __init__(self, folder: Path, speed: float = 0.02) -> None:
        self.folder, self.speed, self.port = folder, speed, ports.choose()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.api = f"{self.origin}/replicate/v1"
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {TOKEN}"
        self._transports: list[httpx.HTTPTransport] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        variables = {"SANDBOX_PORT": str(self.port), "DATA_DIR": str(self.folder), "SANDBOX_SPEED": str(self.speed)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "providers.sandbox"], cwd=ROOT, env=os.environ | variables
        )
        eventually(self._answers)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.origin}/control/health", timeout=5).ok
        except requests.ConnectionError:
            return False

    @property
    def descriptors(self) -> int:
        """How many files and sockets the process has open."""
        assert self._process is not None
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    def end(self, how: int = signal.SIGTERM) -> int:
        """Ends the process with a signal; its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        status = self._process.wait(timeout=20)
        self._process = None
        self.http.close()
        self.close_clients()
        return status

    def client(self, token: str = TOKEN) -> Any:
        """The official client, pointed here. Its usual transport is handed to it, because it never closes its own.

        Any: the client's own types say of most things that they may be missing.
        """
        self._transports.append(httpx.HTTPTransport())
        base_url = f"{self.origin}/replicate"
        client = Client(api_token=token, base_url=base_url, transport=self._transports[-1])
        client.poll_interval = 0.02
        return client

    def close_clients(self) -> None:
        """Closes the connections of the official clients."""
        while self._transports:
            self._transports.pop().close()

    def create(self, prompt: str, model: str = SCHNELL, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """POST …/predictions; `webhook` and `webhook_events_filter` go beside the input, the rest into it."""
        outer = {name: more.pop(name) for name in ("webhook", "webhook_events_filter") if name in more}
        small = {} if model == PRO else {"megapixels": "0.25"}
        body = {"input": {"prompt": prompt} | small | more} | outer
        return self.http.post(f"{self.api}/models/{model}/predictions", json=body, headers=headers, timeout=30)

    def get(self, job_id: str) -> Any:
        """The prediction as it is now."""
        return self.http.get(f"{self.api}/predictions/{job_id}", timeout=30).json()

    def ended(self, job_id: str) -> Any:
        """The prediction once it has ended."""
        final = ("succeeded", "failed", "canceled", "aborted")
        return eventually(lambda: (shown := self.get(job_id))["status"] in final and shown)

    def processed(self, job_id: str) -> Any:
        """The prediction once it is being processed, which a clock that was put forward makes it in a moment."""
        return eventually(lambda: (shown := self.get(job_id))["status"] == "processing" and shown)

    def control(self, lever: str, **body: Any) -> Any:
        """POST /control/…; what it answers."""
        answer = self.http.post(f"{self.origin}/control/{lever}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def journal(self, contains: str) -> list[dict[str, Any]]:
        """The journal's jobs with this in their prompt."""
        answer = self.http.get(f"{self.origin}/control/journal", params={"contains": contains}, timeout=30)
        jobs: list[dict[str, Any]] = answer.json()["jobs"]
        return jobs


@dataclass
class Received:
    """One delivery that arrived."""

    headers: dict[str, str]
    body: str
    at: float = field(default_factory=time.monotonic)


class Receiver:
    """Takes what is sent to it and answers with the statuses it was given, then with 200."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[int] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.received.append(Received(dict(self.headers), body))
                self.send_response(outer.answers.pop(0) if outer.answers else 200)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
