"""The shelf as months of known size, each cut into chunks of whole rows, so that a page knows its height at once.

A chunk begins after a cursor, never at a number: what is added or taken away meanwhile shifts no other month.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import formats, timezone

from generations import paging
from generations.models import Item
from generations.models.item import ItemQuerySet

# Fills whole rows of 2, 3, 4, 5, 6 and 10 tiles (static/css/pages/library.css).
CHUNK = 60
# So many tiles stand within sight at the least, on either side of where one looks after a jump.
IN_SIGHT = 9
LAST_OF_EACH = """
SELECT created_at, generation_id FROM (
    SELECT created_at, generation_id, row_number() OVER (ORDER BY created_at DESC, generation_id DESC) AS number
      FROM ({found}) AS found) AS numbered
 WHERE number %% %s = 0 ORDER BY number
"""


@dataclass(slots=True)
class Chunk:
    """Tiles to be fetched: so many after the cursor; or here already."""

    cursor: str
    count: int
    rows: Sequence[Item] = ()


@dataclass(slots=True)
class Month:
    """A heading, the tiles that are here, and how many more there are after the cursor."""

    first_day: date
    count: int
    rows: Sequence[Item] = field(default_factory=list)
    cursor: str = ""

    @property
    def label(self) -> str:
        return str(formats.date_format(self.first_day, "YEAR_MONTH_FORMAT"))

    @property
    def more(self) -> int:
        return self.count - len(self.rows)

    @property
    def is_one_chunk(self) -> bool:
        """What is missing is fetched at once; else its chunks are asked for first."""
        return self.more <= CHUNK


def opened(rows: ItemQuerySet, counts: Sequence[tuple[date, int]]) -> list[Month]:
    """Every month, the newest of them with their first tiles, until a screen is full. Two queries."""
    months = [Month(first_day, count) for first_day, count in counts]
    shares: list[int] = []
    for month in months:
        shares.append(min(month.count, CHUNK))
        if sum(shares) >= CHUNK or month.count > CHUNK:
            break
    found = list(rows.with_files().newest_first()[: sum(shares)])
    for month, share in zip(months, shares, strict=False):
        month.rows, found = found[:share], found[share:]
        if month.rows:
            month.cursor = paging.cursor_of(month.rows[-1])
    for month in months[:2]:
        _bring_in_sight(month.rows[:IN_SIGHT])
    return months


def grouped(rows: Sequence[Item]) -> list[Month]:
    """One page's rows by month, for a page that shows nothing else."""
    months: list[Month] = []
    for row in rows:
        if not months or months[-1].first_day != row.month:
            months.append(Month(row.month, 0, []))
        months[-1].rows = [*months[-1].rows, row]
        months[-1].count += 1
    return months


def of_month(rows: ItemQuerySet, month: date) -> ItemQuerySet:
    """By its moments, which the shelf's index is sorted by."""
    following = (month + timedelta(days=31)).replace(day=1)
    begin, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (month, following))
    return rows.filter(created_at__gte=begin, created_at__lt=end)


def chunks(rows: ItemQuerySet, month: date, cursor: str, count: int) -> list[Chunk]:
    """What is left of a month after the cursor, cut up. count: how many those are. Raises paging.BadCursor."""
    left = paging.after(of_month(rows, month), cursor).order_by().values("created_at", "generation_id")
    found, values = left.query.sql_with_params()
    with connection.cursor() as cursor_:
        cursor_.execute(LAST_OF_EACH.format(found=found), [*values, CHUNK])
        ends = [paging.encode(created_at, pk) for created_at, pk in cursor_.fetchall()]
    begins = [cursor, *ends]
    sizes = [min(CHUNK, count - CHUNK * number) for number in range(len(begins))]
    return [Chunk(begin, size) for begin, size in zip(begins, sizes, strict=True) if size > 0]


def fill(rows: ItemQuerySet, month: date, chunks: Sequence[Chunk], share: float) -> None:
    """The chunk one looks at gets its tiles. share: where that is in all of them, from 0 to 1."""
    count = sum(chunk.count for chunk in chunks)
    number, middle = divmod(min(int(share * count), count - 1), CHUNK)
    chunk = chunks[number]
    chunk.rows = tiles(rows, month, chunk.cursor)
    _bring_in_sight(chunk.rows[max(middle - IN_SIGHT, 0) : middle + IN_SIGHT])


def _bring_in_sight(rows: Sequence[Item]) -> None:
    for row in rows:
        row.is_in_sight = True


def tiles(rows: ItemQuerySet, month: date, cursor: str) -> list[Item]:
    """One chunk, in two queries. Raises paging.BadCursor."""
    left = paging.after(of_month(rows, month).with_files(), cursor)
    return list(left.order_by("-created_at", "-pk")[:CHUNK])
