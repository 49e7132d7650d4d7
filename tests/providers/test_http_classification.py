"""Was it sent, or not? Against real sockets that refuse, stall, cut, lie and flood."""

import gzip
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from providers import __version__, connections
from providers.contract import Line
from providers.errors import Ambiguous, Misconfigured, NotSent, Transient
from providers.http import MAX_ANSWER_BYTES, Answer, Client
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.server import (
    Greeting,
    answers,
    drips,
    floods,
    hang_up_at_first_byte,
    hangs_up,
    reset_at_first_byte,
    resets,
    says,
    speak_no_tls,
    stays_silent,
)

AFTER_SENDING = {
    "closes without a word": hangs_up,
    "resets": resets,
    "stays silent": stays_silent,
    "drips without end": drips,
    "floods": floods,
    "is no HTTP": says(b"hello\r\n\r\n"),
    "cuts the head": says(b"HTTP/1.1 201 Created\r\nContent-Le"),
    "cuts the body": says(b'HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"id": "a'),
    "cuts a chunk": says(b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"id"'),
    "lies about the length": says(b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n{}"),
    "sends a broken gzip": says(b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
    "has too many headers": says(b"HTTP/1.1 201 Created\r\n" + b"A: b\r\n" * 500 + b"\r\n"),
    "answers 201 with HTML": answers(201, b"<html>"),
    "answers 201 with a list": answers(201, [1]),
    "answers 201 with nothing": answers(201, b""),
    "answers 500": answers(500, {}),
    "answers 502 with HTML": answers(502, b"<html>"),
    "answers 503": answers(503, {}),
    "answers 408": answers(408, {}),
}


def submit(line: Line) -> Answer:
    return Client("test", line, headers={}).submit("/jobs", {"prompt": "a fox"}, headers={})


def read(line: Line) -> Answer:
    return Client("test", line, headers={}).read("GET", "/jobs/1")


@pytest.fixture(params=[submit, read], ids=["submit", "read"])
def speak(request: pytest.FixtureRequest) -> Callable[[Line], Answer]:
    chosen: Callable[[Line], Answer] = request.param
    return chosen


@pytest.fixture
def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def full_port() -> Iterator[str]:
    """A port whose queue of new connections is full, so that connecting takes for ever."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("behaviour", AFTER_SENDING.values(), ids=AFTER_SENDING.keys())
def test_whatever_fails_after_a_submit_was_sent_leaves_it_unknown(
    behaviour: object, serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(behaviour)
    with pytest.raises(Ambiguous):
        submit(line_to(server.origin))
    assert len(server.calls) == 1


@pytest.mark.parametrize("behaviour", AFTER_SENDING.values(), ids=AFTER_SENDING.keys())
def test_whatever_fails_with_a_read_is_transient(behaviour: object, serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(behaviour)
    with pytest.raises(Transient) as caught:
        read(line_to(server.origin))
    assert not isinstance(caught.value, NotSent)
    assert len(server.calls) == 1


def test_a_refused_connection_was_not_sent(speak, closed_port: str, line_to: MakeLine) -> None:
    with pytest.raises(NotSent):
        speak(line_to(f"http://{closed_port}"))


def test_a_connection_that_does_not_come_about_was_not_sent(speak, full_port: str, line_to: MakeLine) -> None:
    with pytest.raises(NotSent):
        speak(line_to(f"http://{full_port}", connect_timeout_seconds=0.2))


def test_a_name_that_is_not_found_was_not_sent(speak, line_to: MakeLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent):
        speak(line_to("http://api.provider.example"))


def test_a_name_that_is_no_name_was_not_sent(speak, line_to: MakeLine) -> None:
    with pytest.raises((NotSent, Misconfigured)):
        speak(line_to(f"http://{'a' * 64}.example"))


@pytest.mark.parametrize("greeting", [speak_no_tls, reset_at_first_byte, hang_up_at_first_byte])
def test_a_failed_tls_handshake_was_not_sent(speak, greeting: Greeting, serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(greeting=greeting)
    with pytest.raises(NotSent):
        speak(line_to(server.origin.replace("http://", "https://")))


def test_a_certificate_nobody_vouches_for_was_not_sent(
    speak, tmp_path: Path, serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(greeting=greet_with_tls(tmp_path))
    with pytest.raises(NotSent, match="certificate"):
        speak(line_to(server.origin.replace("http://", "https://")))


def test_a_handshake_that_stalls_was_not_sent(speak, line_to: MakeLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(NotSent):
        speak(line_to(f"https://127.0.0.1:{listener.getsockname()[1]}", connect_timeout_seconds=0.2))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_says_so(speak, status: int, serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(status, b"<html>", {"Location": "/elsewhere"}))
    with pytest.raises(Misconfigured, match="redirect"):
        speak(line_to(server.origin))
    assert len(server.calls) == 1


@pytest.mark.parametrize("token", ["r8_ключ", "r8_a\r\nX-Evil: 1", "r8_a\x00"])
def test_a_token_that_no_header_can_carry_is_a_sentence(token: str, serve: MakeServer, line_to: MakeLine) -> None:
    server = serve()
    client = Client("test", line_to(server.origin), headers={"Authorization": f"Bearer {token}"})
    with pytest.raises(Misconfigured) as caught:
        client.read("GET", "/jobs/1")
    assert token not in str(caught.value)
    assert server.calls == []


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "127.0.0.1:8000", ""])
def test_an_address_that_is_no_web_address_is_a_sentence(address: str, line_to: MakeLine) -> None:
    with pytest.raises(Misconfigured):
        submit(line_to(address))


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


def test_a_forked_worker_begins_with_a_session_of_its_own() -> None:
    before = connections.pooled_session("test")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"1" if connections.pooled_session("test") is not before else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    said = os.read(reader, 1)
    os.close(reader)
    os.close(writer)
    assert said == b"1"


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
    line = line_to(server.origin, fetch_timeout_seconds=5)
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
def test_every_framing_of_an_answer_is_read_whole(speak, raw: bytes, serve: MakeServer, line_to: MakeLine) -> None:
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


def greet_with_tls(folder: Path) -> Greeting:
    """A TLS handshake with a certificate made on the spot."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    def greet(wire: socket.socket) -> None:
        with context.wrap_socket(wire, server_side=True) as secured:
            secured.recv(1)

    return greet
