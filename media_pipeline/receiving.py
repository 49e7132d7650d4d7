"""Stream a response's body to disk under caps of size, time and rate."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from media_pipeline.connections import ConnectionFailed, Deadline
from media_pipeline.errors import MediaError
from media_pipeline.sniffing import HEAD_BYTES, most_bytes

PIECE_BYTES = 64 * 1024
DIGITS_MAX = 15


class TooLarge(MediaError):
    code: ClassVar[str] = "output_too_large"
    is_permanent: ClassVar[bool] = True


class TooSlow(MediaError):
    """Below the least rate after the first seconds."""


class Truncated(MediaError):
    """Shorter than its Content-Length, or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedFile:
    """Bytes on disk, flushed; nothing is known about them but their number and digest (hexadecimal SHA-256)."""

    path: Path
    sha256: str
    size_bytes: int


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest_of_pieces(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def receive(response: HTTPResponse, into: Path, deadline: Deadline) -> FetchedFile:
    """Write the body to `into`, flushed to the disk. Raises the errors above, ConnectionFailed, DeadlinePassed.

    Content-Length only ever refuses early; what counts is what comes. Caps: settings.MEDIA_MAX_BYTES, for what starts
    like a video MEDIA_MAX_VIDEO_BYTES, and MEDIA_MIN_BYTES_PER_SECOND after MEDIA_RATE_GRACE_SECONDS.
    """
    declared = _declared_bytes(response)
    limit, head = settings.MEDIA_MAX_BYTES, b""
    digest, received, began_at = hashlib.sha256(), 0, deadline.elapsed_seconds
    with into.open("wb") as file:
        for piece in _pieces(response, declared, deadline):
            received += len(piece)
            if len(head) < HEAD_BYTES:
                head += piece[:HEAD_BYTES]
                limit = most_bytes(head, image=settings.MEDIA_MAX_BYTES, video=settings.MEDIA_MAX_VIDEO_BYTES)
            if received > limit or (declared or 0) > limit:
                raise TooLarge(f"The file is larger than {limit} bytes.")
            seconds = deadline.elapsed_seconds - began_at
            if seconds > settings.MEDIA_RATE_GRACE_SECONDS and received < seconds * settings.MEDIA_MIN_BYTES_PER_SECOND:
                raise TooSlow(f"{received} bytes in {seconds:.1f} s.")
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if received == 0 or (declared is not None and received < declared):
        raise Truncated(f"{received} of {declared} bytes came.")
    return FetchedFile(path=into, sha256=digest.hexdigest(), size_bytes=received)


def _declared_bytes(response: HTTPResponse) -> int | None:
    """The announced length; None when chunked or open-ended."""
    values = {value.strip() for value in response.headers.get_all("Content-Length", [])}
    if response.chunked or not values:
        return None
    value = values.pop()
    if values or not (value.isascii() and value.isdigit()):
        raise ConnectionFailed("Content-Length is not one number.")
    most = max(settings.MEDIA_MAX_BYTES, settings.MEDIA_MAX_VIDEO_BYTES)
    if len(value) > DIGITS_MAX or int(value) > most:
        raise TooLarge(f"The file is larger than {most} bytes.")
    return int(value)


def _pieces(response: HTTPResponse, declared: int | None, deadline: Deadline) -> Iterator[bytes]:
    """What has arrived, as it arrives. read1 returns what is there: read(n) would wait through a drip of bytes."""
    left = PIECE_BYTES if declared is None else declared
    while left > 0:
        try:
            piece = response.read1(min(PIECE_BYTES, left))
        except (OSError, HTTPException) as error:
            deadline.check()
            raise ConnectionFailed(f"Cut off: {type(error).__name__}.") from error
        deadline.check()
        if not piece:
            return
        yield piece
        left -= len(piece) if declared is not None else 0
