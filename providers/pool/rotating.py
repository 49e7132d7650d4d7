"""Brings every sealed secret to the newest key of FERNET_KEYS. May be stopped and begun again at any point."""

from dataclasses import dataclass

from accounts.sealing import Undecryptable, is_sealed_by_the_newest, seal
from django.db import transaction

from providers.models import Token
from providers.models.fingerprints import fingerprints
from providers.models.token import Source
from providers.pool import memory

BATCH = 100


@dataclass(slots=True)
class Rotated:
    """unreadable: numbers of tokens that no key opens; they stay as they are."""

    sealed_anew: int = 0
    already_new: int = 0
    unreadable: tuple[int, ...] = ()


def rotate() -> Rotated:
    """A batch a transaction; a row that was changed meanwhile is locked out of the way, not overwritten."""
    done, after = Rotated(), 0
    while batch := _batch(after, done):
        after = batch
    memory.forget()
    return done


@transaction.atomic
def _batch(after: int, done: Rotated) -> int | None:
    """The last number of this batch, None when there are no more."""
    rows = Token.objects.filter(source=Source.ADMIN, pk__gt=after).order_by("pk")
    tokens = list(rows.select_for_update(no_key=True)[:BATCH])
    for token in tokens:
        _rotate_one(token, done)
    return tokens[-1].pk if tokens else None


def _rotate_one(token: Token, done: Rotated) -> None:
    try:
        secret = token.secret()
    except Undecryptable:
        done.unreadable += (token.pk,)
        return
    fingerprint = fingerprints(secret)[0]
    if is_sealed_by_the_newest(token.sealed_secret) and token.fingerprint == fingerprint:
        done.already_new += 1
        return
    Token.objects.filter(pk=token.pk).update(sealed_secret=seal(secret), fingerprint=fingerprint)
    done.sealed_anew += 1
