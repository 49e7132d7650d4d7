"""The story of one file: fetch, look into it, put it in place, describe it. Network and disk only, no database."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from media_pipeline import spool, storage
from media_pipeline.fetching import fetch
from media_pipeline.inspection import inspect
from media_pipeline.kept import KeptFile
from media_pipeline.receiving import FetchedFile

__all__ = ["KeptFile", "keep"]

THUMBNAIL_SIDES = (320, 640)


def keep(url: str, *, key: str, headers: Mapping[str, str] | None = None) -> KeptFile:
    """Bring the picture or video at `url` into the storage.

    key: what names are made from, at most 100 letters, digits, `-`, `_`.
    headers: what the provider's own host wants to see, see fetching.fetch. A spooled file is taken from the spool.
    Safe to run twice: the second run overwrites the files of the first. The caller holds one of the machine's slots.
    Raises the MediaError family (errors.py): `.code` for the row, `.is_permanent` and `.is_ours` for the decision.
    Takes at most MEDIA_TOTAL_SECONDS for the download and 60 s for the look, in practice about 0.2 s for 1 MP.
    """
    thumbnails = {str(side): storage.thumbnail_key(key, side) for side in THUMBNAIL_SIDES}
    storage.require_space()
    with storage.parts() as new_part:
        fetched = _fetch(url, new_part(), headers)
        parts = {side: new_part() for side in THUMBNAIL_SIDES}
        seen = inspect(fetched.path, thumbnails=parts)
        for side, part in parts.items():
            storage.place(part, thumbnails[str(side)])
        original = storage.original_key(key, seen.extension)
        # Last, so that an original in its place means that everything is.
        storage.place(fetched.path, original)
    return KeptFile(
        key=original,
        sha256=fetched.sha256,
        content_type=seen.content_type,
        size_bytes=fetched.size_bytes,
        width=seen.width,
        height=seen.height,
        thumbnails=thumbnails,
        duration_seconds=seen.duration_seconds,
    )


def _fetch(url: str, into: Path, headers: Mapping[str, str] | None) -> FetchedFile:
    if spool.is_spooled(url):
        return spool.take_up(url, into=into, most_bytes=max(settings.MEDIA_MAX_BYTES, settings.MEDIA_MAX_VIDEO_BYTES))
    return fetch(url, into=into, headers=headers)
