"""What a personal API key may be used for. The whole meaning of the scopes stands here and nowhere else.

read   sees what is its person's: rows, lists, batches, files, and what something would cost.
write  changes it: asks for generations, ends them, asks again, marks as seen, sends files. The answer to a change
       holds the row that was changed, so that a program need not read to know what it did.

Neither holds the other, and a key has one at least: no list means "everything". A session has no scopes; whoever is
signed in may do all that accounts.rules allows.
"""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"


ALL = tuple(Scope)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class UnknownScope(ValueError):
    """A word that is no scope, or no word at all."""


def needed_for(method: str) -> Scope:
    """What a call needs that names nothing else."""
    return Scope.READ if method in SAFE else Scope.WRITE


def in_order(scopes: Iterable[str]) -> list[str]:
    """As they are kept: each once. Raises UnknownScope, also for none."""
    given = set(scopes)
    if not given or not given <= set(ALL):
        raise UnknownScope(f"A key has one or more of: {', '.join(ALL)}.")
    return [scope.value for scope in ALL if scope in given]
