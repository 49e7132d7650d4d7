"""What a person does with items of the library: favourites, stars, tags, collections, the trash. Their own only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Func, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from generations.models import Collection, Item, SavedSearch
from generations.models.item import MAX_COLLECTION, MAX_TAG, ItemQuerySet

MOST_SEARCHES = 50
Tags = ArrayField(models.CharField(max_length=MAX_TAG))


class NothingChosen(Exception):
    """No item, or nothing to do with it."""


class NoName(Exception):
    """A tag or a collection needs one."""


def favour(user: User, ids: Sequence[UUID], *, is_favourite: bool) -> None:
    with transaction.atomic(durable=True):
        _kept(user, ids).exclude(is_favourite=is_favourite).update(is_favourite=is_favourite)


def rate(user: User, ids: Sequence[UUID], stars: int) -> None:
    """0 takes the stars away."""
    with transaction.atomic(durable=True):
        _kept(user, ids).exclude(stars=stars).update(stars=stars)


def tag(user: User, ids: Sequence[UUID], name: str) -> int:
    """Adds a tag. Answers how many of them have it now. Raises NoName."""
    name = tag_name(name)
    with transaction.atomic(durable=True):
        rows = _kept(user, ids)
        added = Func(F("tags"), models.Value(name), function="array_append", output_field=Tags)
        rows.exclude(tags__contains=[name]).update(tags=added)
        return rows.count()


def untag(user: User, ids: Sequence[UUID], name: str) -> int:
    """Answers how many of them had it. Raises NoName."""
    name = tag_name(name)
    with transaction.atomic(durable=True):
        left = Func(F("tags"), models.Value(name), function="array_remove", output_field=Tags)
        return _kept(user, ids).filter(tags__contains=[name]).update(tags=left)


def collect(user: User, ids: Sequence[UUID], name: str) -> int:
    """Puts items into the collection of this name, which is made if there is none. Answers how many. Raises NoName."""
    name = collection_name(name)
    with transaction.atomic(durable=True):
        rows = list(_kept(user, ids))
        if rows:
            collection, _created = Collection.objects.get_or_create(user=user, name=name)
            collection.items.add(*rows)
        return len(rows)


def uncollect(user: User, ids: Sequence[UUID], name: str) -> int:
    """Takes items out of a collection, which goes with the last one. Answers how many were in it. Raises NoName."""
    name = collection_name(name)
    with transaction.atomic(durable=True):
        rows = list(_kept(user, ids).filter(collections__name=name))
        for collection in Collection.objects.for_user(user).filter(name=name):
            collection.items.remove(*rows)
            if not collection.items.filter(purged_at__isnull=True).exists():
                collection.delete()
        return len(rows)


def trash(user: User, ids: Sequence[UUID], at: datetime | None = None) -> int:
    """Out of sight, and to be had back for TRASH_DAYS. What was put away at one moment comes back together."""
    with transaction.atomic(durable=True):
        return _kept(user, ids).update(trashed_at=at or Now())


def restore(user: User, ids: Sequence[UUID]) -> int:
    """Answers how many were in the trash."""
    with transaction.atomic(durable=True):
        rows = Item.objects.for_user(User.objects.locked(user.pk)).trashed()
        return rows.filter(pk__in=ids).update(trashed_at=None)


def save_search(user: User, query: str) -> None:
    """Once, and no more than MOST_SEARCHES; the oldest makes room."""
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        mine: QuerySet[SavedSearch] = SavedSearch.objects.for_user(user)
        mine.get_or_create(user=user, query=query)
        surplus = list(mine.order_by("-created_at", "-pk").values_list("pk", flat=True)[MOST_SEARCHES:])
        mine.filter(pk__in=surplus).delete()


def forget_search(user: User, query: str) -> None:
    SavedSearch.objects.for_user(user).filter(query=query).delete()


def _kept(user: User, ids: Sequence[UUID]) -> ItemQuerySet:
    """Under the person's lock, which comes before the rows' own."""
    return Item.objects.for_user(User.objects.locked(user.pk)).kept().filter(pk__in=ids)


def tag_name(name: str) -> str:
    """As it is kept. Raises NoName."""
    return collection_name(name).lower()[:MAX_TAG]


def collection_name(name: str) -> str:
    """As it is kept. Raises NoName."""
    name = " ".join(name.replace('"', "").split())[:MAX_COLLECTION]
    if not name:
        raise NoName
    return name
