"""Asking for an archive of chosen works."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from generations import tasks
from generations.models import Export, Item

MOST_AT_ONCE = 3
MOST_WORKS = 1000


class TooManyExports(Exception):
    """So many are being packed already."""


class TooManyWorks(Exception):
    """More than one archive holds."""


def request_export(user: User, ids: Sequence[UUID]) -> Export | None:
    """Packed in the background; None when none of these is the person's.

    Raises TooManyExports and TooManyWorks.
    """
    if len(ids) > MOST_WORKS:
        raise TooManyWorks
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        if Export.objects.for_user(user).pending().count() >= MOST_AT_ONCE:
            raise TooManyExports
        own = set(Item.objects.for_user(user).kept().filter(pk__in=ids).values_list("pk", flat=True))
        if not own:
            return None
        export = Export.objects.create(user=user, generation_ids=[pk for pk in ids if pk in own])
        transaction.on_commit(lambda: tasks.publish(tasks.pack, "media", export_id=str(export.pk)), robust=True)
    return export
