"""What the ledger says of one reference: held, charged, released, given back. In milli-credits."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models.ledger import Kind, LedgerTransaction

FIELDS = {Kind.HOLD: "held", Kind.CAPTURE: "charged", Kind.RELEASE: "released", Kind.REFUND: "refunded"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """held: what was once set aside; it stays so after its end."""

    held: int = 0
    charged: int = 0
    released: int = 0
    refunded: int = 0

    @property
    def is_open(self) -> bool:
        return bool(self.held) and not self.charged and not self.released


def statements_of(references: Collection[str]) -> dict[str, Statement]:
    """One query, however many; each reference has its statement, also one the ledger has never heard of."""
    amounts: dict[str, dict[str, int]] = {reference: {} for reference in references}
    rows = LedgerTransaction.objects.filter(
        kind__in=FIELDS, reference__in=amounts, entries__millicredits__gt=0
    ).values_list("reference", "kind", "entries__millicredits")
    for reference, kind, millicredits in rows:
        amounts[reference][FIELDS[Kind(kind)]] = millicredits
    return {reference: Statement(**said) for reference, said in amounts.items()}


def statement_of(reference: str) -> Statement:
    return statements_of([reference])[reference]
