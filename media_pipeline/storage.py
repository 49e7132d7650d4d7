"""Where files lie and how they get there without ever being seen half-written. Asks nobody whose they are.

Keys follow from the caller's key, so doing the same work twice overwrites its own files. What is placed goes to the
shelf that STORAGES names, a folder or a bucket; parts are always written on this machine.
"""

import errno
import hashlib
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, cast

from django.conf import settings
from django.core.files.storage import default_storage

from media_pipeline.errors import MediaError
from media_pipeline.shelf import Shelf, StorageAway

__all__ = ["DiskFull", "StorageAway"]

ORIGINALS, THUMBNAILS, PARTS, SPOOL = "originals", "thumbs", "tmp", "spool"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskFull(MediaError):
    """Nothing is fetched or written any more; what waits, waits."""

    is_ours: ClassVar[bool] = True


def shelf() -> Shelf:
    return cast("Shelf", default_storage)


def root() -> Path:
    """The folder of all files, or with a bucket of what is being worked on."""
    try:
        return path_of("")
    except NotImplementedError:
        return Path(settings.DATA_DIR) / "media"


def path_of(key: str) -> Path:
    """Of a folder alone: raises NotImplementedError with a bucket, SuspiciousFileOperation for a key that leads out."""
    return Path(default_storage.path(key))


def original_key(name: str, extension: str) -> str:
    return f"{ORIGINALS}/{_shard(name)}/{name}.{extension}"


def thumbnail_key(name: str, side: int) -> str:
    return f"{THUMBNAILS}/{_shard(name)}/{name}-{side}.webp"


def spool_key(name: str) -> str:
    return f"{SPOOL}/{_shard(name)}/{name}"


def _shard(name: str) -> str:
    """One of 256 folders. By digest: the first digits of a time-ordered id are the same for years."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a file")
    return hashlib.sha256(name.encode()).hexdigest()[:2]


def require_space() -> None:
    """Raises DiskFull below MEDIA_MIN_FREE_BYTES, so that the database on the same disk keeps its room."""
    root().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root()).free
    if free < settings.MEDIA_MIN_FREE_BYTES:
        raise DiskFull(f"Only {free // 1_048_576} MiB are free.")


@contextmanager
def parts() -> Iterator[Callable[[], Path]]:
    """Lends a maker of empty files to write to and removes those not moved into place. A full disk is DiskFull."""
    made: list[Path] = []

    def new_part() -> Path:
        folder = root() / PARTS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder / f"{secrets.token_hex(16)}.part"
        part.touch(mode=0o600, exist_ok=False)
        made.append(part)
        return part

    try:
        yield new_part
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull("The disk filled up while writing.") from error
        raise
    finally:
        for part in made:
            part.unlink(missing_ok=True)


def place(part: Path, key: str) -> None:
    """Move a part to its key: there at once and whole, and after a power cut too. Overwrites. Raises StorageAway."""
    shelf().place(part, key)


@contextmanager
def lend(key: str) -> Iterator[Path]:
    """The file on this machine's disk for the length of the block: itself, or a copy that goes with the block.

    Raises FileNotFoundError, here or when it is opened; of a bucket also StorageAway, DiskFull, receiving.TooLarge.
    """
    with parts() as new_part:

        def room() -> Path:
            require_space()
            return new_part()

        yield shelf().at_hand(key, room, max(settings.MEDIA_MAX_BYTES, settings.MEDIA_MAX_VIDEO_BYTES))


def remove(key: str) -> None:
    """A file that is not there is no error. Raises StorageAway."""
    shelf().remove(key)
