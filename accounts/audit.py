"""What must be true of the ledger by itself, each a query that finds what breaks it. It reads, and changes nothing.

The triggers keep all of this; the queries are for what goes past them: a repair by hand, a restored table, a mistake
in the triggers themselves. Each is one statement, hence one moment, and may run beside everything else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# So that a ledger that is wrong throughout fills neither the memory nor the log.
ROWS_TOLD = 100
# For makemessages. Django's own marker wants settings, and the commands that check from outside have none.
_ = str
CHECKS: dict[str, str] = {
    _("a transaction sums to zero"): """
        SELECT transaction_id FROM accounts_ledgerentry GROUP BY transaction_id HAVING sum(millicredits) <> 0""",
    _("a transaction has an entry each way"): """
        SELECT coalesce(t.id, e.transaction_id)
        FROM accounts_ledgertransaction t FULL JOIN accounts_ledgerentry e ON e.transaction_id = t.id
        GROUP BY 1
        HAVING count(t.id) = 0 OR count(*) FILTER (WHERE e.millicredits > 0) <> 1
            OR count(*) FILTER (WHERE e.millicredits < 0) <> 1""",
    _("the ledger sums to zero"): """
        SELECT sum(millicredits) FROM accounts_ledgerentry HAVING sum(millicredits) <> 0""",
    # Also of a person who has entries and no balance.
    _("a balance is the sum of its entries"): """
        SELECT user_id FROM accounts_creditbalance b FULL JOIN (
          SELECT user_id, sum(millicredits) FILTER (WHERE account = 'available') AS available,
            sum(millicredits) FILTER (WHERE account = 'held') AS held
          FROM accounts_ledgerentry WHERE user_id IS NOT NULL GROUP BY user_id
        ) e USING (user_id)
        WHERE coalesce(b.available, 0) <> coalesce(e.available, 0) OR coalesce(b.held, 0) <> coalesce(e.held, 0)
           OR b.available < 0 OR b.held < 0""",
    _("a hold is captured or released once"): """
        SELECT reference FROM accounts_ledgertransaction WHERE kind IN ('capture', 'release')
        GROUP BY reference HAVING count(*) > 1""",
    # By person, so that nobody pays for another's hold.
    _("what is settled is what was held"): """
        SELECT t.reference FROM accounts_ledgertransaction t
        JOIN accounts_ledgerentry e ON e.transaction_id = t.id AND e.account = 'held'
        GROUP BY t.reference, e.user_id
        HAVING sum(e.millicredits) < 0 OR (sum(e.millicredits) <> 0 AND bool_or(t.kind <> 'hold'))""",
    _("a refund is no more than its charge"): """
        SELECT t.reference FROM accounts_ledgertransaction t
        JOIN accounts_ledgerentry e ON e.transaction_id = t.id AND e.account = 'revenue'
        GROUP BY t.reference HAVING sum(e.millicredits) < 0""",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that does not hold. rows: the first of those that break it; total: how many do."""

    promise: str
    rows: tuple[str, ...]
    total: int


def broken(cursor: Any, checks: Mapping[str, str]) -> Iterator[Broken]:
    """One query a check, each of which answers a column; of its rows at most ROWS_TOLD leave the database."""
    for promise, query in checks.items():
        cursor.execute(
            f"SELECT what::text, count(*) OVER () FROM ({query}) AS found (what) LIMIT {ROWS_TOLD}"  # noqa: S608 (ours)
        )
        if rows := cursor.fetchall():
            yield Broken(promise, tuple(what for what, _total in rows), rows[0][1])
