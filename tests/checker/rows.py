"""Invariants that PostgreSQL alone can tell, each a query that finds what breaks it. Some hold only at rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from accounts.audit import CHECKS as LEDGER
from generations.settlements import CHECKS as SETTLED
from generations.settlements import ENDS

LIVE = "('posting', 'unknown', 'accepted')"


@dataclass(frozen=True, slots=True)
class Violation:
    """One row, or sum, that breaks an invariant."""

    invariant: str
    what: str


ALWAYS: dict[str, str] = {
    # As the nightly check asks them.
    **LEDGER,
    **SETTLED,
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


def is_at_rest(connection: psycopg.Connection[Any]) -> bool:
    """Whether nothing is under way any more: what is late is not yet lost."""
    return all(connection.execute(query.encode()).fetchone() is None for query in AT_REST.values())
