"""Ready means: pages can be served. Whom the work still waits for is said beside it, and bin/run listens to that."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from config.local import ready
from config.local.site import HOST, Site
from generations.models import Heartbeat


@pytest.mark.django_db
def test_without_workers_it_is_ready_and_says_whom_it_waits_for() -> None:
    answer = Client().get("/api/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "migrated": True, "waiting_for": ["media", "pulse", "worker"]}
    for name in ("media", "pulse", "worker"):
        Heartbeat.objects.create(name=name, beaten_at=Now())
    assert Client().get("/api/health/ready").json()["waiting_for"] == []


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers with what the test put there."""

    status, body = 200, b""

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def page() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer((HOST, 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "body", "holds"),
    [
        (200, {"waiting_for": []}, True),
        (200, {"waiting_for": ["worker"]}, False),
        (503, {"waiting_for": []}, False),
        (200, {}, False),
        (200, "<html>", False),
    ],
)
def test_bin_run_waits_for_the_processes(  # noqa: PLR0917
    page: http.server.ThreadingHTTPServer, tmp_path: Any, monkeypatch: Any, status: int, body: Any, holds: bool
) -> None:
    monkeypatch.setattr(Answering, "status", status)
    monkeypatch.setattr(Answering, "body", body.encode() if isinstance(body, str) else json.dumps(body).encode())
    site = Site(data_dir=tmp_path, port=page.server_port, given={})
    (check,) = [one for one in ready.checks(site, {}) if one.name == "the processes"]
    assert check.holds() is holds
