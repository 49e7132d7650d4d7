"""Which addresses may be spoken to: tables of what they look like and what they lead to."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from media_pipeline.addresses import is_public
from media_pipeline.destinations import AddressRefused, NameNotResolved, locate

PUBLIC = "93.184.216.34"

REFUSED_ADDRESSES = {
    "loopback": "127.0.0.1",
    "loopback, another": "127.8.8.8",
    "this host": "0.0.0.0",
    "private 10": "10.0.0.1",
    "private 172.16": "172.16.0.1",
    "private 172.31": "172.31.255.254",
    "private 192.168": "192.168.1.1",
    "shared, carrier NAT": "100.64.0.1",
    "metadata of a cloud in shared space": "100.100.100.200",
    "link-local, metadata of most clouds": "169.254.169.254",
    "Azure's inner services": "168.63.129.16",
    "IETF protocol assignments": "192.0.0.8",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "benchmarking": "198.18.0.1",
    "6to4 relay": "192.88.99.1",
    "multicast": "224.0.0.1",
    "multicast, site": "239.255.255.250",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 unspecified": "::",
    "v6 loopback": "::1",
    "v6 mapped loopback": "::ffff:127.0.0.1",
    "v6 mapped public": "::ffff:93.184.216.34",
    "v6 compatible": "::127.0.0.1",
    "v6 NAT64 of loopback": "64:ff9b::7f00:1",
    "v6 NAT64 local": "64:ff9b:1::7f00:1",
    "v6 6to4 of loopback": "2002:7f00:1::",
    "v6 Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "v6 ORCHID": "2001:20::1",
    "v6 documentation": "2001:db8::1",
    "v6 documentation, new": "3fff::1",
    "v6 6bone": "3ffe::1",
    "v6 discard": "100::1",
    "v6 unique local": "fd00:ec2::254",
    "v6 link-local": "fe80::1",
    "v6 link-local with zone": "fe80::1%eth0",
    "v6 site-local": "fec0::1",
    "v6 multicast": "ff02::1",
    "v6 segment routing": "5f00::1",
    "not an address": "localhost",
    "short form": "127.1",
    "nothing": "",
}
PUBLIC_ADDRESSES = ["1.1.1.1", "8.8.8.8", PUBLIC, "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"]

REFUSED_URLS = {
    "http": "http://example.com/a.png",
    "file": "file:///etc/passwd",
    "ftp": "ftp://example.com/a.png",
    "gopher": "gopher://127.0.0.1:6379/_INFO",
    "data": "data:image/png;base64,iVBORw0KGgo=",
    "javascript": "javascript:alert(1)",
    "no scheme": "//example.com/a.png",
    "path": "/etc/passwd",
    "empty": "",
    "user": "https://user@example.com/a.png",
    "user and password": "https://user:word@example.com/a.png",
    "empty user": "https://@example.com/a.png",
    "host in the user": "https://example.com@127.0.0.1/a.png",
    "ssh port": "https://example.com:22/a.png",
    "redis port": "https://example.com:6379/a.png",
    "port zero": "https://example.com:0/a.png",
    "port too large": "https://example.com:99999/a.png",
    "port not a number": "https://example.com:https/a.png",
    "no host": "https:///a.png",
    "backslash": "https://example.com\\@127.0.0.1/a.png",
    "tab in the host": "https://exam\tple.com/a.png",
    "line end": "https://example.com/a.png\r\nHost: other",
    "NUL": "https://example.com/\x00.png",
    "space": "https://example.com /a.png",
    "no-break space": "https://example.com\u00a0/a.png",
    "short form": "https://127.1/",
    "shortest form": "https://127/",
    "decimal": "https://2130706433/",
    "octal": "https://0177.0.0.1/",
    "hexadecimal": "https://0x7f.1/",
    "hexadecimal whole": "https://0x7f000001/",
    "five parts": "https://127.0.0.0.1/",
    "unicode digits": "https://①②⑦.⓪.⓪.①/",
    "full-width digits": "https://１２７.０.０.１/",
    "ideographic full stops": "https://127。0。0。1/",
    "loopback": "https://127.0.0.1/",
    "loopback, trailing dot": "https://127.0.0.1./",
    "v6 loopback": "https://[::1]/",
    "v6 mapped": "https://[::ffff:127.0.0.1]/",
    "v6 zone": "https://[fe80::1%25eth0]/",
    "v6 broken": "https://[::1/",
    "percent-encoded host": "https://%31%32%37.0.0.1/",
    "empty label": "https://example..com/",
    "label too long": f"https://{'a' * 64}.com/",
    "too long": f"https://example.com/{'a' * 9000}",
    "slash in disguise": "https://example.com⁄@127.0.0.1/",
}
NOT_EVEN_TEXT: list[object] = [None, {}, {"url": "https://example.com/"}, 5, [], [["https://example.com/"]], True, b"x"]


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Lets a test say what a name resolves to; answers the list of names asked for so far."""
    asked: list[str] = []

    def answers(*addresses: str) -> list[str]:
        def getaddrinfo(host: str, port: int, *_args: Any, **_options: Any) -> list[Any]:
            asked.append(host)
            if not addresses:
                raise socket.gaierror(socket.EAI_NONAME, "no such name")
            is_written_out = ":" in host or host.replace(".", "").isdigit()
            found = (host,) if is_written_out else addresses
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return answers


@pytest.mark.parametrize("address", REFUSED_ADDRESSES.values(), ids=REFUSED_ADDRESSES)
def test_an_address_that_is_not_the_public_internets_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", REFUSED_URLS.values(), ids=REFUSED_URLS)
def test_a_url_that_hides_where_it_leads_is_refused_without_connecting(
    url: str, name_server: Callable[..., list[str]], settings: Settings
) -> None:
    settings.EMBEDDED = False
    asked = name_server(PUBLIC)
    with pytest.raises(AddressRefused) as refusal:
        locate(url)
    assert refusal.value.is_permanent
    assert refusal.value.code == "output_unsafe"
    assert len(asked) <= 1


@pytest.mark.parametrize("output", NOT_EVEN_TEXT, ids=repr)
def test_an_output_that_is_no_address_at_all_is_refused(output: object) -> None:
    with pytest.raises(AddressRefused):
        locate(output)


def test_a_data_url_of_fifty_mebibytes_is_refused_and_not_repeated_in_the_message() -> None:
    with pytest.raises(AddressRefused) as refusal:
        locate("data:image/png;base64," + "A" * 52_428_800)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    "addresses",
    [
        ("10.0.0.1",),
        (PUBLIC, "10.0.0.1"),
        ("127.0.0.1", PUBLIC),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::7f00:1",),
        ("2002:7f00:1::",),
        (PUBLIC, "fe80::1"),
    ],
    ids=repr,
)
def test_a_name_is_refused_when_any_of_its_addresses_is_not_public(
    addresses: tuple[str, ...], name_server: Callable[..., list[str]]
) -> None:
    name_server(*addresses)
    with pytest.raises(AddressRefused):
        locate("https://files.example.com/a.png")


def test_a_name_is_resolved_once_and_all_its_addresses_are_kept(name_server: Callable[..., list[str]]) -> None:
    asked = name_server(PUBLIC, "8.8.8.8", PUBLIC)
    destination = locate("HTTPS://Files.EXAMPLE.com.:443/ä/a b.png?sig=ö%2F#part".replace(" ", "%20"))
    assert asked == ["files.example.com"]
    assert destination.addresses == (PUBLIC, "8.8.8.8")
    assert (destination.host, destination.port) == ("files.example.com", 443)
    assert destination.target == "/%C3%A4/a%20b.png?sig=%C3%B6%2F"


def test_an_international_name_is_asked_for_in_its_ascii_form(name_server: Callable[..., list[str]]) -> None:
    asked = name_server(PUBLIC)
    assert locate("https://Bücher.example/").host == "xn--bcher-kva.example"
    assert asked == ["xn--bcher-kva.example"]


def test_a_name_without_an_address_may_be_tried_again(name_server: Callable[..., list[str]]) -> None:
    name_server()
    with pytest.raises(NameNotResolved) as failure:
        locate("https://files.example.com/a.png")
    assert not failure.value.is_permanent


@pytest.mark.parametrize(
    ("embedded", "url"),
    [
        (True, "http://127.0.0.1:9101/a.png"),
        (True, "http://127.0.0.1:80/a.png"),
        (True, "http://127.0.0.1/a.png"),
        (True, "https://127.0.0.1:9100/a.png"),
        (True, "http://localhost:9100/a.png"),
        (True, "http://127.1:9100/a.png"),
        (True, "http://127.0.0.2:9100/a.png"),
        (True, "http://user@127.0.0.1:9100/a.png"),
        (False, "http://127.0.0.1:9100/a.png"),
    ],
)
def test_only_the_exact_origin_of_the_running_sandbox_is_an_exception(
    *, embedded: bool, url: str, settings: Settings
) -> None:
    settings.EMBEDDED = embedded
    settings.SANDBOX_URL = "http://127.0.0.1:9100"
    with pytest.raises(AddressRefused):
        locate(url)


def test_the_running_sandbox_may_be_spoken_to(settings: Settings) -> None:
    settings.EMBEDDED = True
    settings.SANDBOX_URL = "http://127.0.0.1:9100"
    destination = locate("http://127.0.0.1:9100/files/a.png")
    assert destination.is_sandbox
    assert destination.addresses == ("127.0.0.1",)


def test_a_sandbox_address_that_is_not_set_opens_nothing(settings: Settings) -> None:
    settings.EMBEDDED = True
    settings.SANDBOX_URL = ""
    with pytest.raises(AddressRefused):
        locate("http://127.0.0.1:9100/a.png")
