"""Keeping and dropping what stands in the composer. A wish that was made is no draft any more."""

import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from generations.models import Draft, IdempotencyKey
from generations.models.draft import MAX_CHARS
from generations.storable import is_storable


class NotKeepable(Exception):
    """Larger than any form of ours, or holding what no text may hold."""


def keep(user: User, room: str, content: Mapping[str, Sequence[str]], key: str) -> None:
    """Replaces the draft of the room, unless the wish with this key was made meanwhile. Raises NotKeepable.

    The person's lock: a wish is written under it, so that a late draft cannot come back after its own wish.
    """
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > MAX_CHARS or not all(is_storable(one) for values in content.values() for one in values):
        raise NotKeepable
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        if key and IdempotencyKey.objects.filter(user=user, key=key).exists():
            return
        facts = {"content": dict(content), "updated_at": Now()}
        Draft.objects.for_user(user).update_or_create(user=user, room=room, defaults=facts)


def forget(user: User, room: str) -> None:
    """After the wish was made, or because the person starts anew."""
    Draft.objects.for_user(user).filter(room=room).delete()
