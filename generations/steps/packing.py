"""Packs an archive: the originals under names that say what they are, and metadata.json. Twice gives the same file."""

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from generations import notices
from generations.models import Export, Generation
from generations.models.export import State
from media_pipeline import storage
from media_pipeline.models import Asset

logger = structlog.get_logger(__name__)
TRIES = 3
AT_ONCE = 200
WORDS_IN_A_NAME = 60


def pack(export_id: UUID) -> None:
    """One export that nobody else is at. A full disk or a death leaves it to the next sweep, TRIES times."""
    lease = Now() + timedelta(seconds=settings.MEDIA_LEASE_SECONDS)
    if not Export.objects.unclaimed().filter(pk=export_id).update(lease_until=lease, tries=F("tries") + 1):
        return
    export = Export.objects.select_related("user").get(pk=export_id)
    if export.tries > TRIES:
        logger.error("export_given_up", export_id=str(export_id), works=len(export.generation_ids))
        _end(export, state=State.FAILED)
        return
    try:
        storage.require_space()
        files, size = _write(export)
    except (OSError, storage.DiskFull) as error:
        logger.warning("export_not_packed", export_id=str(export_id), error=str(error), tries=export.tries)
        if export.tries >= TRIES:
            _end(export, state=State.FAILED)
        return
    _end(export, state=State.READY if files else State.FAILED, files=files, size_bytes=size)


def waiting(limit: int = AT_ONCE) -> list[UUID]:
    """Archives whose hint was lost or whose packer died."""
    return list(Export.objects.unclaimed().order_by("created_at").values_list("pk", flat=True)[:limit])


def forget_old() -> int:
    """Deletes archives after EXPORT_HOURS, file first: a row without its file is met by the next run."""
    before = Now() - timedelta(hours=settings.EXPORT_HOURS)
    old = list(Export.objects.filter(created_at__lt=before).order_by("created_at")[:AT_ONCE])
    for export in old:
        storage.remove(export.key)
    Export.objects.filter(pk__in=[export.pk for export in old]).delete()
    return len(old)


def _write(export: Export) -> tuple[int, int]:
    with storage.parts() as new_part:
        part = new_part()
        facts: list[dict[str, Any]] = []
        # Pictures and films are packed already.
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for row in _rows(export):
                names = [name for name, key in _files(row) if _add(archive, name, key)]
                facts.append(_facts(row) | {"files": names})
            archive.writestr("metadata.json", json.dumps(facts, ensure_ascii=False, indent=1))
        size = part.stat().st_size
        storage.place(part, export.key)
    return sum(len(fact["files"]) for fact in facts), size


def _rows(export: Export) -> Iterator[Generation]:
    """The person's own, outside the trash, in the order they were made."""
    ids = export.generation_ids
    for start in range(0, len(ids), AT_ONCE):
        rows = Generation.objects.for_user(export.user).shown().filter(pk__in=ids[start : start + AT_ONCE])
        yield from rows.with_outputs().order_by("created_at", "pk")


def _files(row: Generation) -> Iterator[tuple[str, str]]:
    for number, asset in enumerate(row.assets, 1):
        yield name_of(row, asset, number), asset.key


def _add(archive: zipfile.ZipFile, name: str, key: str) -> bool:
    try:
        with storage.lend(key) as path:
            archive.write(path, name)
    except FileNotFoundError:
        logger.error("stored_file_missing", key=key)
        return False
    return True


def name_of(row: Generation, asset: Asset, number: int) -> str:
    """2026-05-17 red-fox-in-the-snow 1f3a9c20-1.webp: sorted by day, told by the prompt, never the same twice."""
    words = "-".join(re.findall(r"\w+", row.prompt.lower()))[:WORDS_IN_A_NAME].strip("-") or "untitled"
    return f"{row.created_at:%Y-%m-%d} {words} {row.pk.hex[-8:]}-{number}.{asset.key.rsplit('.', 1)[-1]}"


def _facts(row: Generation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "created_at": row.created_at.isoformat(),
        "model": row.model,
        "model_name": row.model_name,
        "provider": row.provider,
        "task": row.task,
        "prompt": row.prompt,
        "settings": row.params,
        "seed": row.seed,
    }


def _end(export: Export, **fields: Any) -> None:
    """Told to the person's pages like any change."""
    with transaction.atomic(durable=True):
        person = User.objects.locked(export.user_id)
        if Export.objects.pending().filter(pk=export.pk).update(lease_until=None, **fields):
            User.objects.filter(pk=person.pk).update(seq=F("seq") + 1)
            notices.announce_on_commit(person.pk, person.seq + 1)
