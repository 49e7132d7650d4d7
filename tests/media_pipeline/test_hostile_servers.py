"""Downloads from servers that lie, stall, flood or send us elsewhere."""

import gzip
import hashlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from media_pipeline.connections import ConnectionFailed, DeadlinePassed
from media_pipeline.destinations import AddressRefused
from media_pipeline.errors import MediaError
from media_pipeline.fetching import Encoded, Expired, Gone, ServerFailed, TooManyRedirects, fetch
from media_pipeline.receiving import TooLarge, TooSlow, Truncated
from tests.media_pipeline.servers import Behaviour, ScriptedServer, answer, redirect

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
OPEN_ENDED = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.fixture
def stranger() -> Iterator[ScriptedServer]:
    """Another program on this machine."""
    with ScriptedServer() as server:
        server.routes["/a.png"] = answer(b"secret of the machine")
        yield server


def test_a_whole_file_comes_with_its_size_and_digest(sandbox: ScriptedServer, part: Path) -> None:
    body = bytes(range(256)) * 1000
    sandbox.routes["/a.png?sig=%2F"] = answer(body)
    fetched = fetch(f"{sandbox.origin}/a.png?sig=%2F", into=part)
    assert part.read_bytes() == body
    assert fetched.size_bytes == len(body)
    assert fetched.sha256 == hashlib.sha256(body).hexdigest()


def test_a_request_carries_no_credentials_and_asks_for_plain_bytes(
    sandbox: ScriptedServer, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    sandbox.routes["/a.png"] = answer(b"bytes")
    fetch(f"{sandbox.origin}/a.png", into=part)
    fields = dict(line.split(": ", 1) for line in sandbox.heads[0].strip().split("\r\n")[1:])
    assert fields == {
        "Host": f"127.0.0.1:{sandbox.port}",
        "Accept-Encoding": "identity",
        "Accept": "*/*",
        "User-Agent": "dotbase",
        "Connection": "close",
    }


def test_a_chunked_body_and_an_open_ended_one_are_read_to_their_end(sandbox: ScriptedServer, part: Path) -> None:
    sandbox.routes["/chunked"] = CHUNKED + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
    sandbox.routes["/open"] = OPEN_ENDED + b"abcdef"
    assert fetch(f"{sandbox.origin}/chunked", into=part).size_bytes == 5
    assert fetch(f"{sandbox.origin}/open", into=part).size_bytes == 6


def test_another_port_of_this_machine_is_refused_before_anything_is_sent(
    sandbox: ScriptedServer, stranger: ScriptedServer, part: Path
) -> None:
    with pytest.raises(AddressRefused):
        fetch(f"{stranger.origin}/a.png", into=part)
    assert stranger.connections == 0


@pytest.mark.parametrize(
    "target",
    [
        "{stranger}/a.png",
        "http://localhost:{port}/a.png",
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/a.png",
        "http://example.com/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "//127.0.0.1:{port}/a.png",
        "http://127.0.0.1:{own}@127.0.0.1:{port}/a.png",
    ],
)
def test_a_redirect_is_checked_like_the_first_address(
    target: str, sandbox: ScriptedServer, stranger: ScriptedServer, part: Path
) -> None:
    location = target.format(stranger=stranger.origin, port=stranger.port, own=sandbox.port)
    sandbox.routes["/a.png"] = redirect(location)
    with pytest.raises(AddressRefused) as refusal:
        fetch(f"{sandbox.origin}/a.png", into=part)
    assert refusal.value.is_permanent
    assert stranger.connections == 0


def test_two_redirects_are_followed_and_a_loop_is_not(sandbox: ScriptedServer, part: Path) -> None:
    sandbox.routes |= {"/1": redirect("/2"), "/2": redirect(f"{sandbox.origin}/3"), "/3": answer(b"there")}
    assert fetch(f"{sandbox.origin}/1", into=part).size_bytes == 5
    sandbox.routes["/loop"] = redirect("/loop")
    sandbox.heads.clear()
    with pytest.raises(TooManyRedirects):
        fetch(f"{sandbox.origin}/loop", into=part)
    assert len(sandbox.heads) == 3


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("-1", ConnectionFailed),
        ("abc", ConnectionFailed),
        ("5, 5", ConnectionFailed),
        ("0x10", ConnectionFailed),
        ("٥", ConnectionFailed),
        ("1000000000000", TooLarge),
        ("9" * 5000, TooLarge),
        ("6", Truncated),
        ("0", Truncated),
    ],
)
def test_a_content_length_that_lies_is_not_believed(
    length: str, expected: type[MediaError], sandbox: ScriptedServer, part: Path
) -> None:
    sandbox.routes["/a.png"] = answer(b"12345", Content_Length=length)
    with pytest.raises(expected):
        fetch(f"{sandbox.origin}/a.png", into=part)


def test_two_different_lengths_are_refused_and_a_short_one_ends_the_body(sandbox: ScriptedServer, part: Path) -> None:
    sandbox.routes["/two"] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\n12345"
    with pytest.raises(ConnectionFailed):
        fetch(f"{sandbox.origin}/two", into=part)
    sandbox.routes["/short"] = answer(b"12345", Content_Length="3")
    assert fetch(f"{sandbox.origin}/short", into=part).size_bytes == 3


def test_a_cut_body_may_be_tried_again(sandbox: ScriptedServer, part: Path) -> None:
    sandbox.routes["/length"] = answer(b"12345", Content_Length="10")
    sandbox.routes["/chunk"] = CHUNKED + b"a\r\n12345"
    sandbox.routes["/nothing"] = b""
    for path, expected in {"/length": Truncated, "/chunk": ConnectionFailed, "/nothing": ConnectionFailed}.items():
        with pytest.raises(expected) as failure:
            fetch(sandbox.origin + path, into=part)
        assert not failure.value.is_permanent
        assert failure.value.code == "download_failed"


def test_a_body_without_end_is_cut_at_the_cap(sandbox: ScriptedServer, part: Path, settings: Settings) -> None:
    settings.MEDIA_MAX_BYTES = 300_000
    flood = sandbox.drip(CHUNKED, every=0, piece=b"10000\r\n" + bytes(65536) + b"\r\n")
    sandbox.routes |= {"/chunks": flood, "/open": sandbox.drip(OPEN_ENDED, every=0, piece=bytes(65536))}
    for path in ("/chunks", "/open"):
        with pytest.raises(TooLarge) as refusal:
            fetch(sandbox.origin + path, into=part)
        assert refusal.value.code == "output_too_large"
        assert part.stat().st_size <= 300_000


def test_a_body_that_drips_is_given_up_after_the_first_seconds(
    sandbox: ScriptedServer, part: Path, settings: Settings
) -> None:
    settings.MEDIA_RATE_GRACE_SECONDS = 0.2
    sandbox.routes["/a.png"] = sandbox.drip(answer(b"", Content_Length="1000000"))
    began = time.monotonic()
    with pytest.raises(TooSlow) as failure:
        fetch(f"{sandbox.origin}/a.png", into=part)
    assert 0.2 < time.monotonic() - began < 5
    assert not failure.value.is_permanent


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        CHUNKED + b"5;",
        CHUNKED + b"1\r\nx\r\n0\r\nTrailer: ",
    ],
    ids=["status line", "header", "body", "chunk size", "trailer"],
)
def test_the_deadline_cuts_a_drip_wherever_it_happens(
    start: bytes, sandbox: ScriptedServer, part: Path, settings: Settings
) -> None:
    settings.MEDIA_TOTAL_SECONDS = 0.4
    settings.MEDIA_RATE_GRACE_SECONDS = 60
    sandbox.routes["/a.png"] = sandbox.drip(start)
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        fetch(f"{sandbox.origin}/a.png", into=part)
    assert time.monotonic() - began < 5


def test_silence_is_cut_by_the_deadline_too(sandbox: ScriptedServer, part: Path, settings: Settings) -> None:
    settings.MEDIA_TOTAL_SECONDS = 0.3
    sandbox.routes["/a.png"] = silent(sandbox)
    with pytest.raises(DeadlinePassed):
        fetch(f"{sandbox.origin}/a.png", into=part)


def silent(server: ScriptedServer) -> Behaviour:
    def behave(_connection: socket.socket) -> None:
        server.stopping.wait(10)

    return behave


@pytest.mark.parametrize("field", ["Content_Encoding", "Transfer_Encoding"])
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip", "GZIP", "zstd"])
def test_an_encoded_body_is_refused_unread(
    field: str, encoding: str, sandbox: ScriptedServer, part: Path, settings: Settings
) -> None:
    settings.MEDIA_MAX_BYTES = 10_000_000
    sandbox.routes["/bomb"] = answer(gzip.compress(bytes(50_000_000)), **{field: encoding})
    with pytest.raises(Encoded) as refusal:
        fetch(f"{sandbox.origin}/bomb", into=part)
    assert refusal.value.is_permanent
    assert not part.exists()


def test_a_file_not_there_yet_may_be_there_the_next_time(sandbox: ScriptedServer, part: Path) -> None:
    with pytest.raises(Expired) as failure:
        fetch(f"{sandbox.origin}/a.png", into=part)
    assert (failure.value.code, failure.value.is_permanent) == ("output_expired", False)
    sandbox.routes["/a.png"] = answer(b"there")
    assert fetch(f"{sandbox.origin}/a.png", into=part).size_bytes == 5


@pytest.mark.parametrize(
    ("status", "expected", "is_permanent"),
    [
        ("400 Bad Request", Expired, False),
        ("403 Forbidden", Expired, False),
        ("410 Gone", Gone, True),
        ("429 Too Many Requests", ServerFailed, False),
        ("500 Internal Server Error", ServerFailed, False),
        ("503 Service Unavailable", ServerFailed, False),
        ("204 No Content", ServerFailed, False),
        ("206 Partial Content", ServerFailed, False),
        ("304 Not Modified", ServerFailed, False),
        ("999 Whatever", ServerFailed, False),
    ],
)
def test_a_status_says_whether_to_try_again(
    status: str, expected: type[MediaError], is_permanent: bool, sandbox: ScriptedServer, part: Path
) -> None:
    sandbox.routes["/a.png"] = answer(status=status)
    with pytest.raises(expected) as failure:
        fetch(f"{sandbox.origin}/a.png", into=part)
    assert failure.value.is_permanent is is_permanent


@pytest.mark.parametrize(
    "nonsense",
    [
        b"hello\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        CHUNKED + b"zz\r\nabc",
        CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n",
    ],
    ids=["no HTTP", "no status", "500 headers", "a long header", "no chunk size", "a negative chunk size"],
)
def test_what_is_not_http_is_a_failed_download(nonsense: bytes, sandbox: ScriptedServer, part: Path) -> None:
    sandbox.routes["/a.png"] = nonsense
    with pytest.raises(ConnectionFailed):
        fetch(f"{sandbox.origin}/a.png", into=part)


def test_nobody_there_is_a_failed_download(sandbox: ScriptedServer, part: Path, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.SANDBOX_URL = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ConnectionFailed):
        fetch(f"{settings.SANDBOX_URL}/a.png", into=part)
