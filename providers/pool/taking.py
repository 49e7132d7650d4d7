"""Taking and giving back a token's place, in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.functions import Now

from providers import tokens
from providers.credentials import Credential
from providers.models import TokenUse
from providers.pool import memory

TAKE = "SELECT taken, is_trial, why, again_at FROM providers_take_token(%s, %s, %s, %s)"
# A place whose attempt is nowhere to be found is given back after this; an attempt is committed within seconds.
LOST_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody can speak now. why: "token" or "provider". again_at: when to ask again; None: when a place is free."""

    why: Literal["token", "provider"]
    again_at: datetime | None


def take(provider: str, endpoint: str, holder: UUID) -> Credential | Wait:
    """The token to send with, its place taken for this holder until release(holder).

    One statement that reads, decides and writes, in the transaction that writes the attempt. The tokens this process
    knows are offered to it; only when none of them will do the pool is read again.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a place is taken together with the attempt it is for")
    picked = tokens.pick(provider)
    if picked is not None and picked.token_id is None:
        return picked  # the sandbox has room for all, this machine counts its own work
    snapshot = memory.recall(provider)
    answer = _try(provider, endpoint, holder, snapshot)
    if isinstance(answer, Wait):
        before, snapshot = _offered(snapshot), memory.look(provider)
        if _offered(snapshot) - before:
            answer = _try(provider, endpoint, holder, snapshot)
    return answer


def release(holders: Iterable[UUID] | models.QuerySet[Any, Any]) -> int:
    """Gives back the places of these holders, as many as still had one: ids, or a query that yields them."""
    deleted, _each = TokenUse.objects.filter(holder__in=holders).delete()
    return deleted


def held_for_long() -> set[UUID]:
    """Holders whose attempts must be there by now; release() those that are not."""
    return set(TokenUse.objects.filter(taken_at__lt=Now() - LOST_AFTER).values_list("holder", flat=True))


def _offered(snapshot: memory.Snapshot) -> set[int]:
    return {token.id for token in snapshot.tokens if token.secret is not None}


def _try(provider: str, endpoint: str, holder: UUID, snapshot: memory.Snapshot) -> Credential | Wait:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [provider, endpoint, holder, sorted(_offered(snapshot))])
        taken, is_trial, why, again_at = cursor.fetchall()[0]
    if taken is None:
        return Wait(why, again_at)
    known = next(token for token in snapshot.tokens if token.id == taken).credential
    return Credential(known.label, known.secret, known.token_id, is_trial)
