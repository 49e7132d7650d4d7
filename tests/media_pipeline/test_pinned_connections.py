"""https to a name, over the one address that was checked: what the name server says later no longer matters."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from media_pipeline import connections
from media_pipeline.connections import ConnectionFailed, DeadlinePassed
from media_pipeline.destinations import AddressRefused
from media_pipeline.fetching import fetch
from tests.media_pipeline.certificates import Authority
from tests.media_pipeline.servers import ScriptedServer, answer, redirect

NAME = "files.example.com"
PUBLIC = "93.184.216.34"
DEAD = "93.184.216.35"


class Internet:
    """The name server and the routes of a test: public addresses lead to servers on loopback."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.routes: dict[str, ScriptedServer] = {}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def getaddrinfo(self, host: str, port: int, *args: Any, **options: Any) -> Any:
        if host in self.names:
            self.asked.append(host)
            answers = self.names[host]
            now = answers.pop(0) if len(answers) > 1 else answers[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in now]
        if host in self.routes:
            assert port == 443
            return self._real("127.0.0.1", self.routes[host].port, *args, **options)
        if host == DEAD:
            raise OSError("no route to host")
        return self._real(host, port, *args, **options)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def internet(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    internet = Internet()
    monkeypatch.setattr(socket, "getaddrinfo", internet.getaddrinfo)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    connections.trusted.cache_clear()
    yield internet
    connections.trusted.cache_clear()


@pytest.fixture
def site(internet: Internet, authority: Authority) -> Iterator[ScriptedServer]:
    with ScriptedServer(authority.server(NAME)) as server:
        internet.names[NAME] = [[PUBLIC]]
        internet.routes[PUBLIC] = server
        server.routes["/a.png"] = answer(b"over the wire")
        yield server


def test_the_name_is_used_for_host_and_certificate_and_resolved_once(
    site: ScriptedServer, internet: Internet, part: Path
) -> None:
    assert fetch(f"https://{NAME}/a.png", into=part).size_bytes == 13
    assert internet.asked == [NAME]
    assert f"\r\nHost: {NAME}\r\n" in site.heads[0]


def test_a_name_that_turns_private_after_the_check_is_still_reached_at_the_checked_address(
    site: ScriptedServer, internet: Internet, part: Path
) -> None:
    internet.names[NAME] = [[PUBLIC], ["127.0.0.1"]]
    assert fetch(f"https://{NAME}/a.png", into=part).size_bytes == 13
    assert internet.asked == [NAME]


def test_a_redirect_to_the_same_name_is_resolved_and_refused_when_it_has_turned_private(
    site: ScriptedServer, internet: Internet, part: Path
) -> None:
    internet.names[NAME] = [[PUBLIC], ["127.0.0.1"]]
    site.routes["/a.png"] = redirect(f"https://{NAME}/b.png")
    with pytest.raises(AddressRefused):
        fetch(f"https://{NAME}/a.png", into=part)
    assert site.connections == 1


def test_a_certificate_for_another_name_is_refused(internet: Internet, authority: Authority, part: Path) -> None:
    with ScriptedServer(authority.server("other.example.com")) as server:
        internet.names[NAME] = [[PUBLIC]]
        internet.routes[PUBLIC] = server
        with pytest.raises(ConnectionFailed, match="SSLCertVerificationError"):
            fetch(f"https://{NAME}/a.png", into=part)
        assert server.heads == []


def test_a_certificate_nobody_vouches_for_is_refused(internet: Internet, tmp_path: Path, part: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with ScriptedServer(Authority(other).server(NAME)) as server:
        internet.names[NAME] = [[PUBLIC]]
        internet.routes[PUBLIC] = server
        with pytest.raises(ConnectionFailed, match="SSLCertVerificationError"):
            fetch(f"https://{NAME}/a.png", into=part)


def test_the_next_checked_address_is_tried_when_one_does_not_answer(
    site: ScriptedServer, internet: Internet, part: Path
) -> None:
    internet.names[NAME] = [[DEAD, PUBLIC]]
    assert fetch(f"https://{NAME}/a.png", into=part).size_bytes == 13


def test_a_public_address_may_not_send_us_to_the_sandbox(
    site: ScriptedServer, sandbox: ScriptedServer, part: Path
) -> None:
    site.routes["/a.png"] = redirect(f"{sandbox.origin}/a.png")
    with pytest.raises(AddressRefused):
        fetch(f"https://{NAME}/a.png", into=part)
    assert sandbox.connections == 0


def test_the_deadline_cuts_a_handshake_that_drips(site: ScriptedServer, part: Path, settings: Settings) -> None:
    settings.MEDIA_TOTAL_SECONDS = 0.4
    # A TLS record of 16 KiB is announced and then comes byte by byte.
    site.at_once = site.drip(b"\x16\x03\x03\x40\x00", piece=b"\x02")
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        fetch(f"https://{NAME}/a.png", into=part)
    assert time.monotonic() - began < 5


def test_the_deadline_cuts_a_drip_inside_tls(site: ScriptedServer, part: Path, settings: Settings) -> None:
    settings.MEDIA_TOTAL_SECONDS = 0.4
    settings.MEDIA_RATE_GRACE_SECONDS = 60
    site.routes["/a.png"] = site.drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with pytest.raises(DeadlinePassed):
        fetch(f"https://{NAME}/a.png", into=part)


def test_silence_inside_tls_is_cut_too(site: ScriptedServer, part: Path, settings: Settings) -> None:
    settings.MEDIA_TOTAL_SECONDS = 0.3
    site.routes["/a.png"] = site.drip(b"", every=5)
    with pytest.raises(DeadlinePassed):
        fetch(f"https://{NAME}/a.png", into=part)
