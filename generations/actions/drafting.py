"""Keeping and dropping what stands in the composer. A wish that was made is no draft any more."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from generations.models import Draft, IdempotencyKey
from generations.models.draft import MAX_CHARS
from generations.storable import is_storable


class NotKeepable(Exception):
    """Larger than any form of ours, or holding what no text may hold."""


def keep(user: User, room: str, content: Mapping[str, Sequence[str]], key: str, *, taken: UUID | None = None) -> None:
    """Replaces the draft of the room, unless the wish with this key was made meanwhile. Raises NotKeepable.

    taken: the page, if an earlier result was taken into its composer. The draft before it is put aside.

    The person's lock: a wish is written under it, so that a late draft cannot come back after its own wish.
    """
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > MAX_CHARS or not all(is_storable(one) for values in content.values() for one in values):
        raise NotKeepable
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        if key and IdempotencyKey.objects.filter(user=user, key=key).exists():
            return
        facts = {"content": dict(content), "updated_at": Now(), "taken": taken}
        standing = Draft.objects.for_user(user).filter(room=room).first()
        facts["former"] = _put_aside(standing) if standing and taken else None
        Draft.objects.for_user(user).update_or_create(user=user, room=room, defaults=facts)


def _put_aside(standing: Draft) -> Any:
    """The person's own, also where what stands there was itself taken from an earlier result."""
    return standing.content if standing.taken is None else standing.former


def forget(user: User, room: str) -> None:
    """Because the person starts anew."""
    Draft.objects.for_user(user).filter(room=room).delete()


def give_back(user: User, room: str, taken: UUID) -> None:
    """What stood in the room before that page took something into it; a draft that is not the page's stays."""
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        own = Draft.objects.for_user(user).filter(room=room, taken=taken)
        own.filter(former__isnull=True).delete()
        own.update(content=F("former"), former=None, taken=None, updated_at=Now())


def end(user: User, room: str, taken: UUID | None) -> None:
    """The wish was made. What was taken from an earlier result was no draft, so the draft before it is there again."""
    if taken is None:
        forget(user, room)
    else:
        give_back(user, room, taken)
