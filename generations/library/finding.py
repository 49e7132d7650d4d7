"""From a search to rows, and to the counts beside them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from generations.library.search import Search, Term, day_of
from generations.models import Item, Tally
from generations.models.item import LANGUAGE, ItemQuerySet

# One pass over what was found, however many facets.
COUNT = """
WITH found AS MATERIALIZED ({found})
SELECT CASE WHEN grouping(month) = 0 THEN 'month' WHEN grouping(kind) = 0 THEN 'kind'
            WHEN grouping(model) = 0 THEN 'model' WHEN grouping(provider) = 0 THEN 'provider'
            WHEN grouping(is_favourite) = 0 THEN 'is' WHEN grouping(stars) = 0 THEN 'stars' ELSE 'all' END,
       coalesce(month::text, kind, model, provider, CASE WHEN is_favourite THEN 'fav' WHEN stars > 0 THEN stars::text
                ELSE '' END), count(*)
  FROM found
 GROUP BY GROUPING SETS ((month), (kind), (model), (provider), (is_favourite), (stars), ())
UNION ALL
SELECT 'tag', tag, count(*) FROM found, unnest(tags) AS tag GROUP BY 2
"""

# A term is called as its column, but for these.
COLUMNS = {"seed": "generation__seed"}
FAVOURITES = {"fav", "favourite", "favorite"}
COMPARED = {"": "", "=": "", ">=": "__gte", ">": "__gt", "<=": "__lte", "<": "__lt"}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are, by month, newest first, and by each facet's values, most frequent first."""

    total: int = 0
    months: list[tuple[date, int]] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows in no order yet, with their counts. is_similar: nothing had the very words, so words like them count."""

    rows: ItemQuerySet
    counts: Counts
    is_similar: bool = False


def find(user: User, search: Search) -> Found:
    """One query for the counts; a second one when words that nobody used are tried once more by likeness.

    What is not found by likeness either is simply not found.
    """
    rows = select(user, search)
    if not search.tokens:
        return Found(rows, _kept_counts(user))
    found = Found(rows, _counted(rows))
    if found.counts.total or not search.wanted_words:
        return found
    similar = select(user, search, is_similar=True)
    counts = _counted(similar)
    return Found(similar, counts, is_similar=True) if counts.total else found


def select(user: User, search: Search, *, is_similar: bool = False) -> ItemQuerySet:
    """The rows of a search, outside the trash."""
    rows = Item.objects.for_user(user).kept()
    for term in search.terms:
        condition = _condition(term)
        rows = rows.exclude(condition) if term.is_negative else rows.filter(condition)
    if is_similar:
        for word in search.wanted_words:
            rows = rows.filter(prompt__trigram_word_similar=word)
    elif search.words:
        rows = rows.filter(words=SearchQuery(search.words, config=LANGUAGE, search_type="websearch"))
    return rows


def _condition(term: Term) -> Q:
    value = term.value
    match term.name:
        case "before" | "after":
            # day_of has been asked before there was a term.
            moment = _midnight(day_of(value) or date.min)
            return Q(created_at__lt=moment) if term.name == "before" else Q(created_at__gte=moment)
        case "stars":
            return _of_stars(value)
        case "is":
            return Q(is_favourite=True) if value.lower() in FAVOURITES else Q(pk__isnull=True)
        case "tag":
            return Q(tags__contains=[value.lower()])
        case "in":
            return Q(collections__name=value)
    return Q(**{COLUMNS.get(term.name, term.name): value.lower()})


def _of_stars(value: str) -> Q:
    """The term's value has been read once: an operator, if any, and a figure."""
    sign, figure = value[:-1], int(value[-1])
    return Q(**{f"stars{COMPARED[sign]}": figure})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _kept_counts(user: User) -> Counts:
    rows = Tally.objects.filter(user_id=user.pk, count__gt=0).values_list("facet", "value", "count")
    return _sorted(list(rows))


def _counted(rows: ItemQuerySet) -> Counts:
    columns = rows.order_by().values("month", "kind", "model", "provider", "is_favourite", "stars", "tags")
    found, values = columns.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(found=found), values)
        return _sorted([row for row in cursor.fetchall() if row[2]])


def _sorted(rows: list[tuple[str, str, Any]]) -> Counts:
    facets: dict[str, list[tuple[str, int]]] = {}
    for facet, value, count in rows:
        if value:
            facets.setdefault(facet, []).append((value, int(count)))
    for values in facets.values():
        values.sort(key=lambda pair: (-pair[1], pair[0]))
    months = sorted(((date.fromisoformat(value), count) for value, count in facets.pop("month", [])), reverse=True)
    total = next((int(count) for facet, _value, count in rows if facet == "all"), 0)
    return Counts(total, months, facets)
