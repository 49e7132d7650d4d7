"""Moves credits. Every function must be called inside the transaction whose outcome it pays for,
with the person's row already locked (User.objects.locked), which is what serialises one person's money.

Amounts are milli-credits, whole numbers above zero. References are opaque: the ledger never learns what they name.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import uuid7
from accounts.models.ledger import Account, CreditBalance, Kind, LedgerEntry

MILLI = 1000
HOLD = "SELECT ledger_hold(%s, %s, %s, %s)"
MOVE = "SELECT ledger_move(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


class InsufficientCredit(Exception):
    """The person has less than the work costs. Nothing was held."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} milli-credits needed, {available} available")
        self.needed = needed
        self.available = available


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What a person can spend and what open work has set aside, in milli-credits."""

    available: int = 0
    held: int = 0


def balance_of(user_id: int) -> Balance:
    row = CreditBalance.objects.filter(pk=user_id).values("available", "held").first()
    return Balance(**row) if row else Balance()


def grant(*, user_id: int, millicredits: int, reference: str, actor_id: int | None = None, note: str = "") -> None:
    """Gives credits. The same reference cannot be granted twice (IntegrityError)."""
    _move(Kind.GRANT, reference, Account.GRANTS, Account.AVAILABLE, user_id, millicredits, actor_id, note)


def hold(*, user_id: int, millicredits: int, reference: str) -> None:
    """Sets credits aside for work that was asked for. Raises InsufficientCredit."""
    available = _call(HOLD, uuid7(), reference, user_id, millicredits)
    if available < millicredits:
        raise InsufficientCredit(millicredits, available)


def capture(*, user_id: int, reference: str, actor_id: int | None = None, note: str = "") -> int:
    """Charges what was held. Returns the milli-credits charged, 0 for free work."""
    held = _amount(Kind.HOLD, reference)
    if held:
        _move(Kind.CAPTURE, reference, Account.HELD, Account.REVENUE, user_id, held, actor_id, note)
    return held


def release(*, user_id: int, reference: str, actor_id: int | None = None, note: str = "") -> int:
    """Gives back what was held. Returns the milli-credits released, 0 for free work."""
    held = _amount(Kind.HOLD, reference)
    if held:
        _move(Kind.RELEASE, reference, Account.HELD, Account.AVAILABLE, user_id, held, actor_id, note)
    return held


def refund(*, user_id: int, millicredits: int, reference: str, actor_id: int | None = None, note: str = "") -> None:
    """Gives back all or part of a charge, once per reference."""
    _move(Kind.REFUND, reference, Account.REVENUE, Account.AVAILABLE, user_id, millicredits, actor_id, note)


def _amount(kind: Kind, reference: str) -> int:
    entry = LedgerEntry.objects.filter(
        transaction__kind=kind, transaction__reference=reference, millicredits__gt=0
    ).values_list("millicredits", flat=True)
    return entry.first() or 0


def _move(  # noqa: PLR0917
    kind: Kind,
    reference: str,
    source: Account,
    target: Account,
    user_id: int,
    millicredits: int,
    actor_id: int | None = None,
    note: str = "",
) -> None:
    values = uuid7(), kind.value, reference, source.value, target.value, user_id, millicredits, actor_id, note
    _call(MOVE, *values)


def _call(statement: str, *values: UUID | str | int | None) -> Any:
    """The answer of a function in accounts/sql/ledger.sql."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("credits move only inside the transaction they pay for")
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ((answer,),) = cursor.fetchall()
    return answer
