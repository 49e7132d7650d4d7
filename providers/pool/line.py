"""Who waits before whom. The pool does not know the things that wait, so the caller brings the query."""

from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce


def ahead_in(waiting: QuerySet[Any], *, of_the_same: str, by: str) -> Coalesce:
    """For annotate(): how many of `waiting` share the row's `of_the_same` and come before it in the order of `by`, id.

    One query, however many rows; 0 for the one that is next, and for rows that do not wait at all when nobody does.
    """
    before = Q(**{f"{by}__lt": OuterRef(by)}) | Q(**{by: OuterRef(by), "pk__lt": OuterRef("pk")})
    same = waiting.filter(before, **{of_the_same: OuterRef(of_the_same)}).order_by()
    count = same.annotate(group=F(of_the_same)).values("group").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)
