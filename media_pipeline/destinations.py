"""Where a provider's URL may lead: to public addresses by https, and to the running sandbox's exact origin.

A name is resolved once, here; whoever connects uses the addresses found, so a second answer of the name server
(DNS rebinding) is never asked for. Connects to nothing.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import SplitResult, quote, urlsplit

import idna
from django.conf import settings

from media_pipeline.addresses import is_public
from media_pipeline.errors import MediaError

URL_MAX_LENGTH = 8_192
HTTPS_PORT = 443
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST_NAME = re.compile(rf"(?=.{{1,253}}$){LABEL}(?:\.{LABEL})*")
# What the URL standard reads as an IPv4 address: 127.1, 2130706433, 0x7f.1, 0177.0.0.1.
NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*")
UNSAFE_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


class AddressRefused(MediaError):
    code: ClassVar[str] = "output_unsafe"
    is_permanent: ClassVar[bool] = True


class NameNotResolved(MediaError):
    """The name server has no answer, now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Where a request may go. `target` is path and query, ready for the request line; `addresses` were all checked."""

    url: str
    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]
    is_sandbox: bool


def locate(url: object) -> Destination:
    """Check an address a provider gave and resolve its name. Raises AddressRefused, NameNotResolved.

    Anything may come in: providers have answered with null, lists and data: URLs where an address belongs.
    """
    parts = _split(url)
    is_sandbox = _is_sandbox(parts)
    port = parts.port or HTTPS_PORT
    if not is_sandbox and parts.scheme != "https":
        raise AddressRefused("The address does not start with https://.")
    if not is_sandbox and port != HTTPS_PORT:
        raise AddressRefused("The address names a port other than 443.")
    host = _normal_host(parts.hostname or "")
    addresses = _resolve(host, port)
    if not all(is_public(address) or (is_sandbox and _is_loopback(address)) for address in addresses):
        raise AddressRefused(f"{host} is not, or not only, at public addresses.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~')}" if parts.query else ""
    return Destination(
        url=parts._replace(fragment="").geturl(),
        scheme=parts.scheme,
        host=host,
        port=port,
        target=path + query,
        addresses=addresses,
        is_sandbox=is_sandbox,
    )


def _split(url: object) -> SplitResult:
    if not isinstance(url, str):
        raise AddressRefused("The output is not an address.")
    # urlsplit silently drops tabs and line ends, and browsers read a backslash as a slash: both hide the real host.
    if len(url) > URL_MAX_LENGTH or UNSAFE_CHARACTERS.search(url):
        raise AddressRefused("The address is too long or contains characters no address has.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("The address cannot be read.") from error
    if port == 0 or not parts.hostname or "@" in parts.netloc:
        raise AddressRefused("The address has no host, no real port, or a user name in it.")
    return parts


def _is_sandbox(parts: SplitResult) -> bool:
    if not (settings.EMBEDDED and settings.SANDBOX_URL):
        return False
    own = urlsplit(settings.SANDBOX_URL)
    return (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port) and own.port is not None


def _normal_host(name: str) -> str:
    """Lower case, punycode, no trailing dot. Refuses what is neither a host name nor a plainly written address."""
    if ":" in name:
        return name
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            raise AddressRefused("The host name cannot be read.") from error
    name = name.lower().removesuffix(".")
    if not HOST_NAME.fullmatch(name):
        raise AddressRefused("The host name cannot be read.")
    if NUMERIC_LABEL.fullmatch(name.rsplit(".", 1)[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise AddressRefused("The host is an address in disguise.") from error
    return name


def _resolve(host: str, port: int) -> tuple[str, ...]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise NameNotResolved(f"{host} has no address at the moment.") from error
    if not answers:
        raise NameNotResolved(f"{host} has no address at the moment.")
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
