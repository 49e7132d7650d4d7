"""Reads the files a job names: data URIs, what a face keeps itself, addresses on loopback. No other host is asked."""

import asyncio
import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote_to_bytes, urlsplit

import requests

MOST_BYTES = 200_000_000
PATIENCE_SECONDS = 15
CHUNK_BYTES = 256 * 1024
Own = Callable[[str], bytes | None]


class Unreadable(Exception):
    """A file cannot be had; the message says why."""


def _nothing(reference: str) -> bytes | None:
    del reference
    return None


def is_here(address: str) -> bool:
    """Whether an address is http or https on loopback."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return False
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def read(reference: str, own: Own = _nothing) -> bytes:
    """The file's bytes. `own` answers for what the face keeps itself, with None for what it does not know.

    Blocks: call it from a thread, or through `gather`. Raises Unreadable.
    """
    if (content := own(reference)) is not None:
        return content
    if reference.startswith("data:"):
        return _decoded(reference)
    if is_here(reference):
        return _fetched(reference)
    raise Unreadable(f"{reference[:200]!r} is neither a data URI nor an address the sandbox can reach")


async def gather(references: Mapping[str, Sequence[str]], own: Own = _nothing) -> dict[str, tuple[bytes, ...]]:
    """The files by slot, read beside the event loop, one after another."""

    def read_all() -> dict[str, tuple[bytes, ...]]:
        return {slot: tuple(read(one, own) for one in named) for slot, named in references.items()}

    return await asyncio.to_thread(read_all)


def _decoded(uri: str) -> bytes:
    head, comma, data = uri.partition(",")
    if not comma:
        raise Unreadable("the data URI has no comma")
    try:
        return base64.b64decode(data, validate=True) if head.endswith(";base64") else unquote_to_bytes(data)
    except binascii.Error as error:
        raise Unreadable(f"the data URI is not base64: {error}") from error


def _fetched(address: str) -> bytes:
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False, stream=True) as answer:
                if answer.status_code != requests.codes.ok:
                    raise Unreadable(f"{address} answered {answer.status_code}")
                content = bytearray()
                for chunk in answer.iter_content(CHUNK_BYTES):
                    content += chunk
                    if len(content) > MOST_BYTES:
                        raise Unreadable(f"{address} is larger than {MOST_BYTES} bytes")
                return bytes(content)
        except requests.RequestException as error:
            raise Unreadable(f"{address} could not be fetched: {type(error).__name__}") from error
