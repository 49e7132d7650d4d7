"""Remove what nobody owns: parts of downloads, forgotten results in the spool, files without a row; own names only."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from media_pipeline import storage
from media_pipeline.models import Asset
from media_pipeline.shelf import Stored
from media_pipeline.sniffing import KINDS

FILES_PER_RUN = 20_000
FILES_PER_QUERY = 200
CURSOR = "sweep-cursor"
EXTENSIONS = sorted(kind.extension for kind in KINDS.values())
OWN_KEY = re.compile(rf"[a-z]+/[0-9a-f]{{2}}/[A-Za-z0-9][A-Za-z0-9_-]{{0,109}}\.(?:{'|'.join(EXTENSIONS)})")
THUMBNAIL_SUFFIX = re.compile(r"-\d+$")


class Swept(NamedTuple):
    """removed is less than found when a repeated step just wrote a file anew."""

    found: int
    removed: int


def delete_orphans(older_than_seconds: float) -> dict[str, Swept]:
    """Delete "parts" and ownerless "files" last written that long ago.

    The age must exceed the longest time between a file's placing and its row, so well above a media lease. Looks at
    FILES_PER_RUN files a run, in the order of their keys, and goes on there the next time.
    """
    before = time.time() - older_than_seconds
    return {"parts": _delete_parts(before), "files": _delete_files(before)}


def _delete_parts(before: float) -> Swept:
    parts = [part for part in (storage.root() / storage.PARTS).glob("*.part") if _is_old_part(part, before)]
    for part in parts:
        part.unlink(missing_ok=True)
    spooled = [one.key for one in storage.shelf().stored(storage.SPOOL, "") if one.written_at < before]
    return Swept(len(parts) + len(spooled), len(parts) + sum(_delete(key, before) for key in spooled))


def _is_old_part(part: Path, before: float) -> bool:
    try:
        return part.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _delete_files(before: float) -> Swept:
    cursor = storage.root() / storage.PARTS / CURSOR
    after = cursor.read_text(encoding="utf-8") if cursor.exists() else ""
    files, found, deleted, seen = _files_after(after), 0, 0, 0
    while seen < FILES_PER_RUN and (batch := list(islice(files, FILES_PER_QUERY))):
        old = [one.key for one in batch if one.written_at < before]
        owners = {owner for key in old for owner in _owners(key)}
        owned = set(Asset.objects.filter(key__in=owners).values_list("key", flat=True))
        orphans = [key for key in old if owned.isdisjoint(_owners(key))]
        found += len(orphans)
        deleted += sum(_delete(key, before) for key in orphans)
        seen, after = seen + len(batch), batch[-1].key
    cursor.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    cursor.write_text(after if seen >= FILES_PER_RUN else "", encoding="utf-8")
    return Swept(found, deleted)


def _files_after(after: str) -> Iterator[Stored]:
    """Our files in ascending order of their keys, beyond `after`."""
    for top in (storage.ORIGINALS, storage.THUMBNAILS):
        yield from (one for one in storage.shelf().stored(top, after) if OWN_KEY.fullmatch(one.key))


def _owners(key: str) -> list[str]:
    """The Asset keys that would own this file: itself, or for a thumbnail the originals it can stem from."""
    top, shard, name = key.split("/")
    if top == storage.ORIGINALS:
        return [key]
    stem = THUMBNAIL_SUFFIX.sub("", name.rsplit(".", 1)[0])
    return [f"{storage.ORIGINALS}/{shard}/{stem}.{extension}" for extension in EXTENSIONS]


def _delete(key: str, before: float) -> int:
    """Looks at the age once more: a repeated step may just have written the file anew."""
    with suppress(FileNotFoundError):
        if storage.shelf().written_at(key) < before:
            storage.remove(key)
            return 1
    return 0
