"""Keyset paging: a cursor names the last row seen, so that page one million costs what page one costs."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from generations.models import Generation
from generations.models.generation import GenerationQuerySet


class BadCursor(Exception):
    """Not a cursor this server has given out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first, and the cursor of the next page or None."""

    rows: Sequence[Generation]
    next_cursor: str | None


def page(rows: GenerationQuerySet, cursor: str, size: int) -> Page:
    """One page of `size` rows after the cursor ("" for the first). Raises BadCursor."""
    rows = rows.newest_first()
    if cursor:
        created_at, pk = _decode(cursor)
        rows = rows.filter(created_at__lte=created_at).filter(
            Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)
        )
    found = list(rows[: size + 1])
    return Page(found[:size], _encode(found[size - 1]) if len(found) > size else None)


def _encode(row: Generation) -> str:
    return base64.urlsafe_b64encode(f"{row.created_at.isoformat()}|{row.pk.hex}".encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        created_at, _bar, pk = text.partition("|")
        moment = datetime.fromisoformat(created_at)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment, UUID(hex=pk)
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise BadCursor from error
