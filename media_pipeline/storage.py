"""Where files lie and how they get there without ever being seen half-written. Asks nobody whose they are.

Keys follow from the caller's key, so doing the same work twice overwrites its own files. Parts are written below the
same root, so that the move into place is one rename.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.files.storage import default_storage

from media_pipeline.errors import MediaError

ORIGINALS, THUMBNAILS, PARTS, SPOOL = "originals", "thumbs", "tmp", "spool"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
LEAST_FREE_SHARE = 0.05
FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskFull(MediaError):
    """Nothing is fetched or written any more; what waits, waits."""

    is_ours: ClassVar[bool] = True


def root() -> Path:
    return Path(default_storage.path(""))


def path_of(key: str) -> Path:
    """Raises SuspiciousFileOperation for a key that leads out of the storage."""
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
    """Raises DiskFull below 5 % or MEDIA_MIN_FREE_BYTES, so that the database on the same disk keeps its room."""
    root().mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(root())
    if usage.free < max(usage.total * LEAST_FREE_SHARE, settings.MEDIA_MIN_FREE_BYTES):
        raise DiskFull(f"Only {usage.free // 1_048_576} MiB are free.")


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
    """Move a part to its key: there at once and whole, and after a power cut too. Overwrites."""
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fchmod(descriptor, settings.FILE_UPLOAD_PERMISSIONS)  # the proxy may be another user
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.replace(target)
    for folder in (target.parent, target.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
