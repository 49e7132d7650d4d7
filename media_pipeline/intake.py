"""A person's own files: checked by their bytes, freed of metadata, stored like any others. No access rules here."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from media_pipeline import slots, storage
from media_pipeline.errors import MediaError
from media_pipeline.ingest import THUMBNAIL_SIDES
from media_pipeline.inspection import inspect
from media_pipeline.kept import KeptFile
from media_pipeline.models import Asset
from media_pipeline.receiving import digest_of_file

MEBIBYTE = 1_048_576
SENTENCES: dict[str, str | Promise] = {
    "output_too_large": _("This file has more pixels or frames than can be worked with. Make it smaller."),
    "output_unreadable": _("This file is damaged or cut off and cannot be read. Save it anew."),
    "output_unsafe": _("This is none of the kinds that can be used: PNG, JPEG, WebP, GIF, AVIF, MP4, MOV, WebM."),
}


class Given(Protocol):
    """What a request brings; Django's UploadedFile fits."""

    @property
    def size(self) -> int | None: ...

    def chunks(self, chunk_size: int | None = None) -> Iterable[bytes]: ...


class FilesRefused(Exception):
    """Nothing of the upload was kept. sentences: number of the file, from 0 → what is wrong with it, lazy."""

    def __init__(self, sentences: dict[int, str | Promise]) -> None:
        super().__init__(f"{len(sentences)} files refused")
        self.sentences = sentences


class TooManyFiles(Exception):
    """More files than one upload may have, or none."""


def take_in(files: Sequence[Given], *, user_id: int) -> list[Asset]:
    """All of the files as assets of the person, in order, or none of them.

    Raises TooManyFiles, FilesRefused, slots.NoFreeSlot, storage.DiskFull, storage.StorageAway.
    """
    if not 1 <= len(files) <= settings.UPLOAD_MAX_FILES:
        raise TooManyFiles
    kept: list[tuple[UUID, KeptFile]] = []
    refused: dict[int, str | Promise] = {}
    for number, file in enumerate(files):
        if not file.size or file.size > settings.UPLOAD_MAX_BYTES:
            refused[number] = _("This file is empty.") if not file.size else _too_heavy()
            continue
        try:
            kept.append(_keep(file))
        except MediaError as error:
            if error.is_ours or not error.is_permanent:
                raise
            refused[number] = SENTENCES[error.code]
    if refused:
        # What was stored by then has no row and goes with the next clean-up.
        raise FilesRefused(refused)
    with transaction.atomic(durable=True):
        return [Asset.objects.take(asset_id, user_id, file) for asset_id, file in kept]


def _too_heavy() -> str | Promise:
    limit = settings.UPLOAD_MAX_BYTES // MEBIBYTE
    return format_lazy(_("This file is larger than {limit} MB. Make it smaller."), limit=limit)


def _keep(given: Given) -> tuple[UUID, KeptFile]:
    asset_id = uuid7()
    name = str(asset_id)
    thumbnails = {str(side): storage.thumbnail_key(name, side) for side in THUMBNAIL_SIDES}
    storage.require_space()
    with slots.one("upload"), storage.parts() as new_part:
        raw, clean = new_part(), new_part()
        with raw.open("wb") as file:
            for chunk in given.chunks():
                file.write(chunk)
        parts = {side: new_part() for side in THUMBNAIL_SIDES}
        seen = inspect(raw, thumbnails=parts, clean=clean)
        size = clean.stat().st_size
        digest = digest_of_file(clean)
        for side, part in parts.items():
            storage.place(part, thumbnails[str(side)])
        original = storage.original_key(name, seen.extension)
        storage.place(clean, original)
    return asset_id, KeptFile(
        key=original,
        sha256=digest,
        content_type=seen.content_type,
        size_bytes=size,
        width=seen.width,
        height=seen.height,
        thumbnails=thumbnails,
        duration_seconds=seen.duration_seconds,
    )
