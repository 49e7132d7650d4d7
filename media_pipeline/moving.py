"""Existing files from the folder of this machine into the bucket, one after the other; what is there already is passed.

Nothing is taken away here, so it can be ended and begun again at any time, and be run while the studio works.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from media_pipeline import storage
from media_pipeline.shelf import Shelf

# Parts and places in the line of clean-up belong to this machine.
TOPS = (storage.ORIGINALS, storage.THUMBNAILS, storage.SPOOL, "exports")


def keys(folder: Shelf) -> Iterator[str]:
    """In order, never all of them in memory."""
    for top in TOPS:
        yield from (one.key for one in folder.stored(top, ""))


def copy(key: str, folder: Shelf, bucket: Shelf, part: Path) -> bool:
    """False when the bucket has it, by its size: keys name contents. part: to write to; moved away.

    Raises FileNotFoundError when it has gone from the folder since, StorageAway.
    """
    size = folder.length(key)
    with suppress(FileNotFoundError):
        if bucket.length(key) == size:
            return False
    with part.open("wb") as file:
        for piece in folder.pieces(key, 0, size):
            file.write(piece)
    bucket.place(part, key)
    return True
