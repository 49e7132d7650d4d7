"""How the provider's HTTP behaves where nothing goes wrong: connections, environment, sizes, framings."""

import gzip
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from providers import __version__
from providers.contract import Line
from providers.errors import Transient
from providers.http import MAX_ANSWER_BYTES, Answer, Client
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.server import answers, says


def submit(line: Line) -> Answer:
    return Client("test", line, headers={}).submit("/jobs", {"prompt": "a fox"}, headers={})


def read(line: Line) -> Answer:
    return Client("test", line, headers={}).read("GET", "/jobs/1")


def test_each_submit_has_a_connection_of_its_own_even_if_the_server_would_keep_it(
    serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(answers(201, {"id": "a"}, {"Connection": "keep-alive"}))
    line = line_to(server.origin)
    for _ in range(3):
        submit(line)
    assert [call.connection for call in server.calls] == [0, 1, 2]
    assert {call.headers["connection"] for call in server.calls} == {"close"}


def test_reads_share_a_connection(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(200, {"id": "a"}))
    line = line_to(server.origin)
    for _ in range(3):
        read(line)
    assert {call.connection for call in server.calls} == {0}


FORK = """
import os
from providers.connections import pooled_session
before = pooled_session("test")
child = os.fork()
if child == 0:
    os._exit(0 if pooled_session("test") is not before else 1)
_, status = os.waitpid(child, 0)
assert status == 0 and pooled_session("test") is before
"""


def test_a_forked_worker_begins_with_a_session_of_its_own() -> None:
    subprocess.run([sys.executable, "-c", FORK], cwd=Path(__file__).parents[2], check=True)


def test_what_the_environment_says_about_proxies_and_passwords_is_ignored(
    serve: MakeServer, line_to: MakeLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server = serve(answers(200, {}, {"Set-Cookie": "session=1"}))
    client = Client("test", line_to(server.origin), headers={"Authorization": "Bearer ours"})
    client.read("GET", "/jobs/1")
    client.read("GET", "/jobs/1")
    assert [call.headers["authorization"] for call in server.calls] == ["Bearer ours"] * 2
    assert all("cookie" not in call.headers for call in server.calls)
    assert server.calls[0].headers["user-agent"] == f"dotbase/{__version__}"


def test_an_answer_may_be_as_large_as_the_cap_and_no_larger(serve: MakeServer, line_to: MakeLine) -> None:
    body = b'{"id": "a"}'.ljust(MAX_ANSWER_BYTES)
    server = serve(answers(200, body), answers(200, body + b" "))
    line = line_to(server.origin)
    assert read(line).object == {"id": "a"}
    with pytest.raises(Transient, match="larger"):
        read(line)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"{}\n", mtime=0),
        b"HTTP/1.0 200 OK\r\n\r\n{}\n",
    ],
    ids=["chunked", "gzip all the same", "until the end"],
)
@pytest.mark.parametrize("speak", [submit, read])
def test_every_framing_of_an_answer_is_read_whole(
    speak: Callable[[Line], Answer], raw: bytes, serve: MakeServer, line_to: MakeLine
) -> None:
    assert speak(line_to(serve(says(raw)).origin)).object == {}


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7), ("0", 0), ("", None), ("soon", None), ("-1", None), ("1e9", None), ("٧", None)]
)
def test_retry_after_is_read_when_it_is_a_number(value: str, seconds: float | None) -> None:
    assert Answer(status=429, headers={"Retry-After": value}, object={}).retry_after_seconds == seconds


def test_retry_after_is_read_when_it_is_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    seconds = Answer(status=429, headers={"Retry-After": later}, object={}).retry_after_seconds
    assert seconds is not None
    assert 50 < seconds <= 60
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert Answer(status=429, headers={"Retry-After": past}, object={}).retry_after_seconds == 0
