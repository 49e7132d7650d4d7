"""What only the whole way shows: framing, sizes and idle connections, byte by byte through proxy and web server.

Cases 6, 22, 27, 28, 29 and 84.
"""

import http.client
import json
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from accounts.ids import uuid7
from config.local.waiting import until
from generations import callbacks
from tests.api.cases import asks, is_a_sentence
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]
CREATE = "/api/generations/create"
LIVE = "/api/health/live"
IDLE = 100


class Answer:
    """One HTTP answer, read from a raw socket."""

    def __init__(self, connection: socket.socket) -> None:
        raw = http.client.HTTPResponse(connection)
        raw.begin()
        self.status, self.headers, self.content = raw.status, raw.headers, raw.read()

    @property
    def code(self) -> str:
        return str(json.loads(self.content)["code"])


@pytest.fixture
def alice(system: RunningSystem) -> Iterator[Visitor]:
    """Whatever was sent: nothing came of it."""
    visitor = Visitor(system)
    yield visitor
    assert visitor.balance() == (100_000, 0)
    assert system.query("SELECT count(*) FROM generations_generation WHERE user_id = %s", visitor.id) == [(0,)]


def dial(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20)


def head(alice: Visitor, *lines: str, method: str = "POST", path: str = CREATE) -> bytes:
    """A request's head with these lines beside the usual ones."""
    host = urlsplit(alice.system.url).netloc
    usual = (f"{method} {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {alice.key}")
    return "\r\n".join((*usual, "Content-Type: application/json", *lines, "", "")).encode("latin-1")


def send(alice: Visitor, *parts: bytes, end: bool = False) -> Answer:
    with closing(dial(alice.system.url)) as connection:
        connection.sendall(b"".join(parts))
        if end:
            connection.shutdown(socket.SHUT_WR)
        return Answer(connection)


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def assert_others_are_answered(system: RunningSystem, times: int = 5) -> None:
    """On connections of their own; a request that was smuggled would answer one of them wrongly."""
    for _ in range(times):
        with closing(dial(system.url)) as connection:
            host = urlsplit(system.url).netloc
            connection.sendall(f"GET {LIVE} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = Answer(connection)
        assert (answer.status, json.loads(answer.content)) == (200, {"status": "live"})


BODY = asks()
LENGTHS = {
    "two-lengths": [f"Content-Length: {len(BODY)}", "Content-Length: 5"],
    "negative": ["Content-Length: -1"],
    "with-a-sign": [f"Content-Length: +{len(BODY)}"],
    "hexadecimal": ["Content-Length: 0x10"],
    "a-list": [f"Content-Length: {len(BODY)}, 5"],
    "a-word": ["Content-Length: all"],
    "beyond-64-bits": ["Content-Length: 99999999999999999999"],
    "5000-digits": ["Content-Length: " + "9" * 5000],
    "space-before-the-colon": [f"Content-Length : {len(BODY)}"],
}


@pytest.mark.parametrize("lines", LENGTHS.values(), ids=[f"case-27-length-{name}" for name in LENGTHS])
def test_a_length_that_lies_is_refused_by_the_proxy(lines: list[str], alice: Visitor) -> None:
    answer = send(alice, head(alice, *lines), BODY)
    assert answer.status == 400
    assert_others_are_answered(alice.system)


def test_case_27_a_chunked_body_with_a_length_makes_nothing_and_smuggles_nothing(alice: Visitor) -> None:
    hidden = head(alice, f"Content-Length: {len(BODY)}") + BODY
    body = b"0\r\n\r\n" + hidden
    answer = send(
        alice, head(alice, f"Content-Length: {len(body)}", "Transfer-Encoding: chunked", "Connection: close"), body
    )
    assert 400 <= answer.status < 500
    assert_others_are_answered(alice.system)


@pytest.mark.parametrize("size", ["zz", "-1", "ffffffffffffffffff", ""])
def test_case_27_a_chunk_without_a_size_is_refused_and_makes_nothing(size: str, alice: Visitor) -> None:
    """The proxy has sent the head on when it finds that it cannot read the body. Its own answer is nearly always the
    first; on a busy machine the web process may be, which takes no chunks at all."""
    answer = send(alice, head(alice, "Transfer-Encoding: chunked"), f"{size}\r\n".encode() + BODY + b"\r\n0\r\n\r\n")
    assert (answer.status, answer.code) in {(400, "http_400"), (411, "length_required")}
    assert alice.call("GET", "/api/generations/list").json() == []
    assert_others_are_answered(alice.system)


def test_case_27_a_body_shorter_than_its_length_makes_nothing(alice: Visitor) -> None:
    with closing(dial(alice.system.url)) as connection:
        connection.sendall(head(alice, f"Content-Length: {len(BODY) + 10}") + BODY)
        connection.shutdown(socket.SHUT_WR)
        status = Answer(connection).status
    # 499: the proxy's word for a client that went away.
    assert status in {400, 499}
    assert_others_are_answered(alice.system)


def test_case_27_a_body_longer_than_its_length_is_read_no_further(alice: Visitor) -> None:
    """What is left over is no request of its own."""
    with closing(dial(alice.system.url)) as connection:
        connection.sendall(head(alice, "Content-Length: 10") + BODY + b"\r\n\r\n")
        answer = Answer(connection)
        rest = connection.recv(65_536)
    assert (answer.status, answer.code) == (400, "invalid_json")
    assert rest == b"" or rest.startswith(b"HTTP/1.1 400 ")
    assert_others_are_answered(alice.system)


def test_case_27_a_chunked_delivery_needs_a_length(alice: Visitor) -> None:
    attempt = uuid7()
    key = callbacks.key_of(attempt, alice.system.system.environment["SECRET_KEY"])
    path = f"/api/webhook/replicate/{attempt}/{key}"
    answer = send(alice, head(alice, "Transfer-Encoding: chunked", path=path), chunked(b"{}"))
    assert (answer.status, answer.content) == (411, b"")
    with_length = send(alice, head(alice, "Content-Length: 2", path=path), b"{}")
    assert (with_length.status, with_length.content) == (401, b"")


def test_case_27_a_chunked_request_of_a_program_needs_a_length(alice: Visitor) -> None:
    answer = send(alice, head(alice, "Transfer-Encoding: chunked"), chunked(BODY))
    assert (answer.status, answer.code) == (411, "length_required")
    assert is_a_sentence(json.loads(answer.content)["error"])


@pytest.mark.parametrize(("size", "code"), [(1_500_000, "too_large"), (10_485_760, "http_413")])
def test_case_06_a_large_body_is_413_in_json_on_the_whole_way(size: int, code: str, alice: Visitor) -> None:
    answer = alice.call("POST", CREATE, data=BODY.ljust(size), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (
        413,
        "application/json",
        code,
    )


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "k 1", "cl\u00e9"], ids=repr)
def test_case_22_a_bad_key_arrives_as_it_was_sent(key: str, alice: Visitor) -> None:
    answer = send(alice, head(alice, f"Idempotency-Key: {key}", f"Content-Length: {len(BODY)}"), BODY)
    assert (answer.status, answer.code) == (400, "bad_idempotency_key")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PROPFIND", "GET\t"])
def test_case_28_a_method_nobody_takes(method: str, alice: Visitor) -> None:
    answer = send(alice, head(alice, "Content-Length: 0", method=method))
    assert answer.status == 400 if "\t" in method else (answer.status, answer.code) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/api/generations/../../admin/", "/api/generations/%2e%2e%2f%2e%2e/admin", "//api//generations//list",
        "/api/generations/%00", "/api/generations/%ff%fe", "/api/" + "a" * 20_000, "/api/generations/list%0d%0aX: 1",
    ],
)  # fmt: skip
def test_case_29_an_odd_address_is_not_found_and_no_fault(path: str, alice: Visitor) -> None:
    assert send(alice, head(alice, method="GET", path=path)).status in {301, 302, 400, 404, 414, 431}


def fill(stack: ExitStack, address: str, said: bytes) -> list[socket.socket]:
    connections = [stack.enter_context(closing(dial(address))) for _ in range(IDLE)]
    for connection in connections:
        connection.sendall(said)
    return connections


def test_case_84_idle_connections_keep_nobody_waiting_and_are_closed(alice: Visitor) -> None:
    """A hundred that say nothing, and a hundred that say half a head."""
    with ExitStack() as stack:
        connections = fill(stack, alice.system.url, b"")
        connections += fill(stack, alice.system.url, b"POST /api/generations/create HTTP/1.1\r\nHost: x\r\n")
        started = time.monotonic()
        assert_others_are_answered(alice.system, 20)
        assert alice.call("GET", "/api/generations/list").json() == []
        assert time.monotonic() - started < 8
        assert until(lambda: len(closed(connections)) == 2 * IDLE, 25)


def test_case_84_a_hundred_idle_connections_to_the_web_server_itself_keep_nobody_waiting(alice: Visitor) -> None:
    with ExitStack() as stack:
        fill(stack, alice.system.addresses["web"], b"")
        started = time.monotonic()
        assert_others_are_answered(alice.system, 20)
        assert time.monotonic() - started < 8


def test_case_84_a_hundred_bodies_that_never_end_keep_nobody_waiting(alice: Visitor) -> None:
    """The head is whole, so the proxy has begun to speak to the web server."""
    with ExitStack() as stack:
        fill(stack, alice.system.url, head(alice, f"Content-Length: {len(BODY)}") + BODY[:5])
        started = time.monotonic()
        assert_others_are_answered(alice.system, 20)
        assert alice.call("GET", "/api/generations/list").json() == []
        assert time.monotonic() - started < 8


def closed(connections: list[socket.socket]) -> list[socket.socket]:
    """Those the other side has ended."""
    readable, _, _ = select.select(connections, [], [], 0)
    return [connection for connection in readable if connection.fileno() >= 0]
