"""Files in a folder of this machine. Parts lie on the same disk, so that the move into place is one rename."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from media_pipeline.receiving import PIECE_BYTES
from media_pipeline.shelf import Stored

INTERNAL_PREFIX = "/_media/"


class Folder(FileSystemStorage):
    """shelf.Shelf; a key that leads out of the folder is SuspiciousFileOperation."""

    def place(self, part: Path, key: str) -> None:
        target = Path(self.path(key))
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

    def at_hand(self, key: str, room: Callable[[], Path], most_bytes: int) -> Path:
        del room, most_bytes
        return Path(self.path(key))

    def remove(self, key: str) -> None:
        Path(self.path(key)).unlink(missing_ok=True)

    def twin(self, key: str, other: str) -> None:
        path = Path(self.path(other))
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(self.path(key), path)

    def length(self, key: str) -> int:
        return Path(self.path(key)).stat().st_size

    def pieces(self, key: str, start: int, length: int) -> Iterator[bytes]:
        with Path(self.path(key)).open("rb") as file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(PIECE_BYTES, length))):
                length -= len(piece)
                yield piece

    def stored(self, top: str, after: str) -> Iterator[Stored]:
        for shard in self._names(top):
            folder = f"{top}/{shard}/"
            if folder < after[: len(folder)]:
                continue
            for key in (folder + name for name in self._names(folder)):
                if key > after:
                    with suppress(FileNotFoundError):  # gone since it was listed
                        yield Stored(key, self.written_at(key))

    def written_at(self, key: str) -> float:
        return Path(self.path(key)).stat().st_mtime

    def internal_address(self, key: str, headers: Mapping[str, str], *, method: str, is_part: bool) -> str:
        del headers, method, is_part  # the proxy keeps the headers, and knows parts from wholes
        return INTERNAL_PREFIX + key

    def _names(self, folder: str) -> list[str]:
        path = Path(self.path(folder))
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
