"""bin/audit says what it found, and never that nothing is wrong when it could not look."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from config.local import audit, ports
from config.local.site import ROOT

LOCK = "sqlparse==0.5.0 \\\n    --hash=sha256:{0}\nidna==3.10 \\\n    --hash=sha256:{0}\n".format("0" * 64)
Answer = Callable[[dict[str, Any]], bytes]
Database = Callable[[Answer], str]


def vulnerability(name: str) -> dict[str, Any]:
    """As OSV writes one down."""
    versions = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9.9"}]}]
    return {
        "id": "GHSA-xxxx-yyyy-zzzz",
        "aliases": ["CVE-2026-0001"],
        "summary": "It can be made to wait for ever.",
        "details": "With a long text.",
        "published": "2026-01-01T00:00:00Z",
        "modified": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": versions}],
    }


def knows(*names: str) -> Answer:
    """A database that knows something of these packages."""

    def answer(query: dict[str, Any]) -> bytes:
        name = query["package"]["name"].lower()
        return json.dumps({"vulns": [vulnerability(name)]} if name in names else {}).encode()

    return answer


@pytest.fixture
def database() -> Iterator[Database]:
    """A server on loopback that speaks OSV."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Silence."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1/query"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "some.lock"
    path.write_text(LOCK, encoding="utf-8")
    return path


def run(url: str, lock: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "config.local.audit", "--database", url, str(lock)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


def test_where_nobody_answers_it_was_not_run(lock: Path) -> None:
    sentence = "dependency audit: not run, no vulnerability database can be reached"
    assert run(f"http://127.0.0.1:{ports.choose()}/v1/query", lock) == (3, sentence)


@pytest.mark.parametrize("page", [b"<html>Please sign in</html>", b"{}", b"[]", b'{"vulns": []}'])
def test_what_does_not_know_the_oldest_finding_is_no_database(page: bytes, database: Database, lock: Path) -> None:
    assert audit.audit(database(lambda _query: page), [lock])[0] == 3


def test_a_finding_is_a_line_with_its_names_and_what_helps(database: Database, lock: Path) -> None:
    code, words = run(database(knows("jinja2", "sqlparse")), lock)
    assert code == 1
    assert words.splitlines() == [
        "sqlparse 0.5.0: CVE-2026-0001, GHSA-xxxx-yyyy-zzzz (fixed in: 9.9.9)",
        "dependency audit: 2 packages, 1 known vulnerabilities",
    ]


def test_nothing_known_is_the_only_green(database: Database, lock: Path) -> None:
    assert run(database(knows("jinja2")), lock) == (0, "dependency audit: 2 packages, 0 known vulnerabilities")


def test_a_database_that_goes_away_meanwhile_is_no_green(database: Database, lock: Path) -> None:
    def forgets(query: dict[str, Any]) -> bytes:
        return knows("jinja2")(query) if query["package"]["name"] == "jinja2" else b"<html>"

    code, words = run(database(forgets), lock)
    assert code == 2
    assert "broke off" in words


def test_an_empty_lock_is_no_green(database: Database, tmp_path: Path) -> None:
    (tmp_path / "empty.lock").write_text("", encoding="utf-8")
    assert audit.audit(database(knows("jinja2")), [tmp_path / "empty.lock"])[0] == 2


def test_every_lock_is_looked_at() -> None:
    locks = {path.name for path in ROOT.glob("*.lock")} - {"requirements.lock", "requirements-s3.lock"}
    assert set(audit.LOCKS) == locks
