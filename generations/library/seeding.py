"""Rows of a seeded library, by COPY. Each file has a name that begins with `seed-`, by which it is found again."""

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import User
from generations.library.samples import Sample, of_kind, prompt
from generations.library.shelving import shelve
from generations.models import Priority
from media_pipeline import storage
from providers import catalogue
from providers.catalogue import Model

BATCH = 2_500
DAYS = 365
VIDEO_SHARE = 0.12
FAVOURITE_SHARE = 0.04
TAG_SHARE = 0.1
TAGS = ("client", "draft", "poster", "print", "wallpaper", "заставка", "обложка")
GENERATION = (
    "id", "user_id", "stage", "status", "model", "model_name", "task", "provider", "prompt", "params", "seed",
    "frame_width", "frame_height", "expected_seconds", "outputs_expected", "cost_millicredits",
    "refunded_millicredits", "error_code", "created_at", "submitted_at", "completed_at", "viewed_at", "change_seq",
    "deadline_at", "tries_in_stage", "hints", "submits", "waits_for", "priority",
)  # fmt: skip
ASSET = (
    "id", "user_id", "key", "sha256", "content_type", "size_bytes", "width", "height", "duration_seconds", "is_upload",
    "thumbnails", "created_at",
)  # fmt: skip
OUTPUT = ("id", "generation_id", "index", "source_url", "state", "asset_id", "is_late", "tries", "error_code")
MARK = """
UPDATE generations_item SET is_favourite = ('x' || right(generation_id::text, 4))::bit(16)::int < %s,
       stars = (ARRAY[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 4, 5])
               [1 + ('x' || substr(generation_id::text, 23, 1))::bit(4)::int],
       tags = CASE WHEN ('x' || substr(generation_id::text, 29, 4))::bit(16)::int < %s
              THEN ARRAY[(%s::text[])[1 + ('x' || substr(generation_id::text, 25, 4))::bit(16)::int %% %s]]
              ELSE '{}' END
 WHERE generation_id = ANY(%s)
"""
SEEDED = """
SELECT o.generation_id, a.id, a.key FROM media_pipeline_asset a JOIN generations_output o ON o.asset_id = a.id
 WHERE a.user_id = %s AND a.key LIKE 'originals/__/seed-%%'
   AND NOT EXISTS (SELECT FROM generations_input i WHERE i.asset_id = a.id) LIMIT %s
"""
GONE = (
    "DELETE FROM generations_collection_items WHERE item_id = ANY(%s)",
    "DELETE FROM generations_item WHERE generation_id = ANY(%s)",
    "DELETE FROM generations_output WHERE generation_id = ANY(%s)",
    "UPDATE generations_generation SET retry_of_id = NULL WHERE retry_of_id = ANY(%s)",
    "DELETE FROM generations_generation WHERE id = ANY(%s)",
)


Table = list[tuple[Any, ...]]
Rows = tuple[Table, Table, Table]


class Run:
    """One filling of a person's library."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.name = f"seed-{secrets.token_hex(4)}"
        self.random = Random(self.name)  # noqa: S311 (nothing secret comes of it)
        self.now = timezone.now()
        self.models = {kind: _models(kind) for kind in ("image", "video")}

    def fill(self, samples: Sequence[Sample], count: int) -> Iterator[int]:
        """Writes them in batches, oldest first, and tells how many are there."""
        pools = {kind: of_kind(samples, kind) for kind in self.models}
        for start in range(0, count, BATCH):
            numbers = range(start, min(count, start + BATCH))
            rows = self._rows(samples, pools, numbers, count)
            with transaction.atomic():
                User.objects.locked(self.person.pk)
                self._write(*rows)
            yield numbers.stop

    def _rows(self, samples: Sequence[Sample], pools: dict[str, list[Sample]], numbers: range, count: int) -> Rows:
        """Of generations, assets, outputs. Files come first: no bucket is spoken to in a transaction."""
        generations, assets, outputs = [], [], []
        for number in numbers:
            created = self._moment(number, count)
            is_video = self.random.random() < VIDEO_SHARE
            is_first = number < len(samples)
            pool = pools["video" if is_video else "image"] or list(samples)
            sample = samples[number] if is_first else self.random.choice(pool)
            key = sample.kept.key if is_first else self._linked(sample, number)
            generation_id, file_id = (uuid7(int(created.timestamp() * 1000)) for _ in range(2))
            generations.append(self._generation(generation_id, sample, created))
            assets.append(self._asset(file_id, sample, key, created))
            outputs.append((file_id, generation_id, 0, "", "stored", file_id, False, 0, ""))
        return generations, assets, outputs

    @staticmethod
    def _write(generations: Table, assets: Table, outputs: Table) -> None:
        _copy("generations_generation", GENERATION, generations)
        _copy("media_pipeline_asset", ASSET, assets)
        _copy("generations_output", OUTPUT, outputs)
        ids = [row[0] for row in generations]
        shelve(ids)
        shares = [int(FAVOURITE_SHARE * 2**16), int(TAG_SHARE * 2**16)]
        with connection.cursor() as cursor:
            cursor.execute(MARK, [*shares, list(TAGS), len(TAGS), ids])

    def _moment(self, number: int, count: int) -> datetime:
        """Evenly through the year, by day."""
        back = timedelta(days=DAYS * (1 - (number + 1) / count))
        return self.now - back - timedelta(seconds=self.random.randrange(3600))

    def _linked(self, sample: Sample, number: int) -> str:
        """The same file under a name of its own: an asset's key is its own, its bytes need not be."""
        key = storage.original_key(f"{self.name}-i{number}", sample.kept.key.rsplit(".", 1)[1])
        storage.shelf().twin(sample.kept.key, key)
        return key

    def _generation(self, pk: UUID, sample: Sample, created: datetime) -> tuple[Any, ...]:
        model = self.random.choice(self.models[sample.kind])
        ended = created + timedelta(seconds=model.typical_seconds)
        words, seed = prompt(self.random, sample.subject), self.random.randrange(2**31)
        return (
            pk, self.person.pk, "completed", "completed", model.id, model.name, f"text-to-{sample.kind}",
            model.routes[0].provider, words, "{}", seed,
            sample.kept.width, sample.kept.height, max(1, round(model.typical_seconds)), 1, 0,
            0, "", created, created, ended, ended, 0,
            ended, 0, 0, 1, "", Priority.NORMAL,
        )  # fmt: skip

    def _asset(self, pk: UUID, sample: Sample, key: str, created: datetime) -> tuple[Any, ...]:
        kept = sample.kept
        return (
            pk, self.person.pk, key, kept.sha256, kept.content_type, kept.size_bytes, kept.width, kept.height,
            kept.duration_seconds, False, json.dumps(kept.thumbnails), created,
        )  # fmt: skip


def remove(person: User) -> int:
    """Takes seeded rows away, and their originals; thumbnails go with the next clean-up. Answers how many."""
    removed = 0
    while True:
        with transaction.atomic():
            User.objects.locked(person.pk)
            with connection.cursor() as cursor:
                cursor.execute(SEEDED, [person.pk, BATCH])
                rows = cursor.fetchall()
                for statement in GONE:
                    cursor.execute(statement, [[row[0] for row in rows]])
                cursor.execute("DELETE FROM media_pipeline_asset WHERE id = ANY(%s)", [[row[1] for row in rows]])
        for _generation, _asset, key in rows:
            storage.remove(key)
        if not rows:
            return removed
        removed += len(rows)


def _models(kind: str) -> list[Model]:
    return [model for model in catalogue.all_models() if f"text-to-{kind}" in model.tasks]


def _copy(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
