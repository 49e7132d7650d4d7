"""Was it sent, or not? Against real sockets that refuse, stall, cut, lie and flood."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from config.local import waiting
from providers.contract import InputFile, Line
from providers.errors import Ambiguous, Misconfigured, NotSent, Rejected, Transient
from providers.http import Answer, Client
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.server import (
    Behaviour,
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

IMPATIENT = {"connect_timeout_seconds": 0.5, "read_timeout_seconds": 0.5, "fetch_timeout_seconds": 0.5}
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
        submit(line_to(server.origin, **IMPATIENT))
    assert waiting.until(lambda: len(server.calls) == 1, 5)


@pytest.mark.parametrize("behaviour", AFTER_SENDING.values(), ids=AFTER_SENDING.keys())
def test_whatever_fails_with_a_read_is_transient(behaviour: object, serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(behaviour)
    with pytest.raises(Transient) as caught:
        read(line_to(server.origin, **IMPATIENT))
    assert not isinstance(caught.value, NotSent)
    assert waiting.until(lambda: len(server.calls) == 1, 5)


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


@pytest.mark.parametrize("inputs", [{"guidance": float("nan")}, {"image": b"bytes"}])
def test_what_json_cannot_say_is_refused_before_it_is_sent(
    inputs: dict[str, object], serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve()
    with pytest.raises(Rejected):
        Client("test", line_to(server.origin), headers={}).submit("/jobs", inputs, headers={})
    assert server.calls == []


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "127.0.0.1:8000", ""])
def test_an_address_that_is_no_web_address_is_a_sentence(address: str, line_to: MakeLine) -> None:
    with pytest.raises(Misconfigured):
        submit(line_to(address))


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


@pytest.mark.parametrize("status", [200, 404, 500, 503, 504])
def test_what_may_itself_be_a_failure_is_handed_back_with_its_reason(
    status: int, serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(answers(status, {"detail": "broke"}))
    answer = Client("test", line_to(server.origin), headers={}).look("/jobs/1")
    assert (answer.status, answer.object) == (status, {"detail": "broke"})


@pytest.mark.parametrize("behaviour", [hangs_up, resets, answers(200, b"<html>"), stays_silent])
def test_but_nothing_readable_is_still_transient(behaviour: Behaviour, serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(Transient):
        Client("test", line_to(serve(behaviour).origin, **IMPATIENT), headers={}).look("/jobs/1")


def test_nor_does_it_follow_an_address_elsewhere(serve: MakeServer, line_to: MakeLine) -> None:
    stranger, server = serve(), serve()
    with pytest.raises(Misconfigured):
        Client("test", line_to(server.origin), headers={}).look(f"{stranger.origin}/jobs/1")
    assert stranger.calls == []


def test_a_command_may_be_answered_without_a_body_but_not_with_nonsense(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(202, b""), answers(200, {"a": 1}), answers(202, b"<html>"), answers(503, b""))
    client = Client("test", line_to(server.origin), headers={})
    assert client.command("POST", "/cancel").object == {}
    assert client.command("POST", "/cancel").object == {"a": 1}
    for _ in range(2):
        with pytest.raises(Transient):
            client.command("POST", "/cancel")


@pytest.mark.parametrize(
    ("url", "headers"), [("https://", {}), ("https://a.b/c", {"x-a": "b\r\nc: d"}), ("http://a.b/c", {})]
)
def test_an_upload_address_that_cannot_be_used_is_said_so(
    url: str, headers: dict[str, str], tmp_path: Path, line_to: MakeLine
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"a")
    file = InputFile(path=path, content_type="image/png", size_bytes=1, name="a.png")
    with pytest.raises(Misconfigured):
        Client("test", line_to("https://api.example.org"), headers={}).put_file(url, file, headers=headers)
