"""A stored file as it is given away: without anything that is written beside its pixels, or with a note of ours."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from media_pipeline import marking, slots, storage
from media_pipeline.ingest import THUMBNAIL_SIDES
from media_pipeline.inspection import inspect
from media_pipeline.models import AssetFile


@dataclass(frozen=True, slots=True)
class Copy:
    """To be read once. The file has no name any more."""

    body: IO[bytes]
    content_type: str
    filename: str


def copy_of(file: AssetFile, note: str = "") -> Copy:
    """A picture's bytes are moved here; a film is packed anew, and an unusual picture drawn anew, by the child process.

    Raises FileNotFoundError, slots.NoFreeSlot, storage.DiskFull or StorageAway, and what inspection.inspect raises.
    """
    with storage.lend(file.key) as path:
        try:
            content = marking.mark(path.read_bytes(), file.content_type, note)
        except marking.NotMarkable:
            return _anew(file, path, note)
    return Copy(BytesIO(content), file.content_type, file.filename)


def _anew(file: AssetFile, path: Path, note: str) -> Copy:
    storage.require_space()
    with slots.one("upload"), storage.parts() as new_part:
        part = new_part()
        # The look is not to be had without a small picture, which goes with the other parts.
        small = {THUMBNAIL_SIDES[0]: new_part()}
        seen = inspect(path, thumbnails=small, clean=part, comment=note)
        name = f"{file.filename.rsplit('.', 1)[0]}.{seen.extension}"
        if note and not seen.content_type.startswith("video/"):
            return Copy(BytesIO(marking.mark(part.read_bytes(), seen.content_type, note)), seen.content_type, name)
        return Copy(part.open("rb"), seen.content_type, name)
