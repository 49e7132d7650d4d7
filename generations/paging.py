"""Keyset paging: a cursor names the last row seen, so that page one million costs what page one costs."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


class BadCursor(Exception):
    """Not a cursor this server has given out."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, newest first, and the cursor of the next page or None."""

    rows: Sequence[Row]
    next_cursor: str | None


def page(rows: QuerySet[Row], cursor: str, size: int) -> Page[Row]:
    """One page of `size` rows after the cursor ("" for the first). Raises BadCursor."""
    found = list(after(rows, cursor).order_by("-created_at", "-pk")[: size + 1])
    return Page(found[:size], cursor_of(found[size - 1]) if len(found) > size else None)


def after(rows: QuerySet[Row], cursor: str) -> QuerySet[Row]:
    """The rows older than the cursor's."""
    if not cursor:
        return rows
    created_at, pk = _decode(cursor)
    older = Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)
    return rows.filter(created_at__lte=created_at).filter(older)


def before(rows: QuerySet[Row], cursor: str) -> QuerySet[Row]:
    """The rows newer than the cursor's. Raises BadCursor."""
    created_at, pk = _decode(cursor)
    newer = Q(created_at__gt=created_at) | Q(created_at=created_at, pk__gt=pk)
    return rows.filter(created_at__gte=created_at).filter(newer)


def cursor_of(row: Any) -> str:
    """What names this row, for the page after it."""
    return encode(row.created_at, row.pk)


def encode(created_at: datetime, pk: UUID) -> str:
    return base64.urlsafe_b64encode(f"{created_at.isoformat()}|{pk.hex}".encode()).decode().rstrip("=")


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
