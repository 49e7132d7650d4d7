"""Remove what nobody owns: parts of downloads, forgotten results in the spool, files without a row; own names only."""

import re
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from media_pipeline import storage
from media_pipeline.models import Asset
from media_pipeline.sniffing import KINDS

FILES_PER_RUN = 20_000
FILES_PER_QUERY = 200
CURSOR = "sweep-cursor"
EXTENSIONS = sorted(kind.extension for kind in KINDS.values())
SHARD = re.compile(r"[0-9a-f]{2}")
OWN_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,109}}\.(?:{'|'.join(EXTENSIONS)})")
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
    root = storage.root()
    parts = [*(root / storage.PARTS).glob("*.part"), *(root / storage.SPOOL).glob("??/*")]
    old = [part for part in parts if _is_old(part, before)]
    return Swept(len(old), sum(_delete(part, before) for part in old))


def _delete_files(before: float) -> Swept:
    cursor = storage.root() / storage.PARTS / CURSOR
    after = cursor.read_text(encoding="utf-8") if cursor.exists() else ""
    keys, found, deleted, seen = _keys_after(after), 0, 0, 0
    while seen < FILES_PER_RUN and (batch := list(islice(keys, FILES_PER_QUERY))):
        old = [key for key in batch if _is_old(storage.path_of(key), before)]
        owners = {owner for key in old for owner in _owners(key)}
        owned = set(Asset.objects.filter(key__in=owners).values_list("key", flat=True))
        orphans = [key for key in old if owned.isdisjoint(_owners(key))]
        found += len(orphans)
        deleted += sum(_delete(storage.path_of(key), before) for key in orphans)
        seen, after = seen + len(batch), batch[-1]
    cursor.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    cursor.write_text(after if seen >= FILES_PER_RUN else "", encoding="utf-8")
    return Swept(found, deleted)


def _keys_after(after: str) -> Iterator[str]:
    """Keys of our files in ascending order, beyond `after`."""
    for top in (storage.ORIGINALS, storage.THUMBNAILS):
        for shard in _names(storage.root() / top):
            folder = f"{top}/{shard}/"
            if not SHARD.fullmatch(shard) or folder < after[: len(folder)]:
                continue
            names = _names(storage.root() / top / shard)
            yield from (folder + name for name in names if folder + name > after and OWN_NAME.fullmatch(name))


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


def _owners(key: str) -> list[str]:
    """The Asset keys that would own this file: itself, or for a thumbnail the originals it can stem from."""
    top, shard, name = key.split("/")
    if top == storage.ORIGINALS:
        return [key]
    stem = THUMBNAIL_SUFFIX.sub("", name.rsplit(".", 1)[0])
    return [f"{storage.ORIGINALS}/{shard}/{stem}.{extension}" for extension in EXTENSIONS]


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _delete(path: Path, before: float) -> int:
    """Looks at the age once more: a repeated step may just have written the file anew."""
    if not _is_old(path, before):
        return 0
    path.unlink(missing_ok=True)
    return 1
