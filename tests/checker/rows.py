"""Invariants that PostgreSQL alone can tell, each a query that finds what breaks it. Some hold only at rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

LIVE = "('posting', 'unknown', 'accepted')"
ENDS = "('completed', 'failed', 'cancelled')"
SETTLEMENTS = """
SELECT g.id, g.stage, g.cost_millicredits, g.refunded_millicredits,
  count(t.id) FILTER (WHERE t.kind = 'hold') AS holds,
  count(t.id) FILTER (WHERE t.kind = 'capture') AS captures,
  count(t.id) FILTER (WHERE t.kind = 'release') AS releases,
  count(t.id) FILTER (WHERE t.kind = 'refund') AS refunds,
  coalesce(max(e.millicredits) FILTER (WHERE t.kind = 'capture'), 0) AS charged
FROM generations_generation g
LEFT JOIN accounts_ledgertransaction t ON t.reference = 'generation:' || g.id
LEFT JOIN accounts_ledgerentry e ON e.transaction_id = t.id AND e.millicredits > 0
WHERE g.cost_millicredits > 0 GROUP BY g.id
"""


@dataclass(frozen=True, slots=True)
class Violation:
    """One row, or sum, that breaks an invariant."""

    invariant: str
    what: str


ALWAYS: dict[str, str] = {
    "one live attempt": f"""
        SELECT generation_id FROM generations_attempt WHERE state IN {LIVE}
        GROUP BY generation_id HAVING count(*) > 1""",
    "a provider's job belongs to one attempt": """
        SELECT provider || ' ' || external_id FROM generations_attempt WHERE external_id IS NOT NULL
        GROUP BY provider, external_id HAVING count(*) > 1""",
    "one end, and the one the row has": f"""
        SELECT g.id FROM generations_generation g
        LEFT JOIN generations_event e ON e.generation_id = g.id AND e.kind IN {ENDS}
        GROUP BY g.id
        HAVING count(e.id) <> CASE WHEN g.stage IN {ENDS} THEN 1 ELSE 0 END OR min(e.kind) <> g.stage""",
    "open rows have a next action": f"""
        SELECT id FROM generations_generation
        WHERE (stage IN {ENDS}) <> (next_action_at IS NULL) OR deadline_at IS NULL""",
    "a transaction sums to zero": """
        SELECT transaction_id FROM accounts_ledgerentry GROUP BY transaction_id HAVING sum(millicredits) <> 0""",
    "the ledger sums to zero": """
        SELECT sum(millicredits) FROM accounts_ledgerentry HAVING sum(millicredits) <> 0""",
    "a balance is the sum of its entries": """
        SELECT b.user_id FROM accounts_creditbalance b
        LEFT JOIN accounts_ledgerentry e ON e.user_id = b.user_id GROUP BY b.user_id
        HAVING b.available <> coalesce(sum(e.millicredits) FILTER (WHERE e.account = 'available'), 0)
            OR b.held <> coalesce(sum(e.millicredits) FILTER (WHERE e.account = 'held'), 0)
            OR b.available < 0 OR b.held < 0""",
    "one hold each": f"SELECT id FROM ({SETTLEMENTS}) s WHERE holds <> 1",
    "completed is charged once": f"""
        SELECT id FROM ({SETTLEMENTS}) s WHERE stage = 'completed'
          AND (captures <> 1 OR releases > 0 OR charged <> cost_millicredits
               OR (refunded_millicredits > 0) <> (refunds = 1))""",
    "failed and cancelled are released once": f"""
        SELECT id FROM ({SETTLEMENTS}) s
        WHERE stage IN ('failed', 'cancelled') AND (releases <> 1 OR captures + refunds > 0)""",
    "nothing is settled before its end": f"""
        SELECT id FROM ({SETTLEMENTS}) s WHERE stage NOT IN {ENDS} AND captures + releases + refunds > 0""",
    "held is what open rows cost": f"""
        SELECT b.user_id FROM accounts_creditbalance b
        LEFT JOIN generations_generation g ON g.user_id = b.user_id AND g.stage NOT IN {ENDS}
        GROUP BY b.user_id HAVING b.held <> coalesce(sum(g.cost_millicredits), 0)""",
    "completed has its files": """
        SELECT g.id FROM generations_generation g LEFT JOIN generations_output o ON o.generation_id = g.id
        WHERE g.stage = 'completed' GROUP BY g.id HAVING count(o.asset_id) = 0""",
    "a failure has a reason": """
        SELECT id FROM generations_generation WHERE stage = 'failed' AND error_code = ''""",
    "work has a committed attempt": """
        SELECT g.id FROM generations_generation g WHERE g.stage IN ('unconfirmed', 'running')
          AND NOT EXISTS (SELECT FROM generations_attempt a WHERE a.generation_id = g.id)""",
}
AT_REST: dict[str, str] = {
    "nothing is stuck": f"SELECT id FROM generations_generation WHERE stage NOT IN {ENDS}",
    "no attempt is left open": f"SELECT id FROM generations_attempt WHERE state IN {LIVE}",
    "the inbox is worked off": """
        SELECT d.id FROM generations_delivery d WHERE d.processed_at IS NULL
          AND EXISTS (SELECT FROM generations_attempt a WHERE a.id = d.attempt_id)""",
    "no place is left taken": "SELECT id FROM providers_tokenuse",
}


def violations(connection: psycopg.Connection[Any], *, at_rest: bool) -> Iterator[Violation]:
    """Everything that is not as it must be. at_rest: nothing is under way any more."""
    for name, query in (ALWAYS | (AT_REST if at_rest else {})).items():
        for (what,) in connection.execute(query.encode()):
            yield Violation(name, str(what))
