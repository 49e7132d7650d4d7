"""From which works a work was made, and which were made from it: a bounded tree by the files they were given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise

from accounts.models import User
from generations.goals import GOALS
from generations.models import Generation, Stage

DEPTH = 12
MOST = 60
# Back to where it began: those that were given no file of another work, or lie DEPTH steps away.
BEGINNINGS = """
WITH RECURSIVE back (id, depth) AS (
    SELECT %s::uuid, 0
    UNION
    SELECT o.generation_id, back.depth + 1 FROM back
      JOIN generations_input i ON i.generation_id = back.id
      JOIN generations_output o ON o.asset_id = i.asset_id
     WHERE back.depth < %s
)
SELECT DISTINCT id FROM back
 WHERE depth = %s OR NOT EXISTS (
       SELECT FROM generations_input i JOIN generations_output o ON o.asset_id = i.asset_id
        WHERE i.generation_id = back.id)
 LIMIT %s
"""
# And on from there: who was given whose files.
STEPS = """
WITH RECURSIVE onward (parent, child, depth) AS (
    SELECT NULL::uuid, id, 0 FROM unnest(%s::uuid[]) AS id
    UNION
    SELECT o.generation_id, i.generation_id, onward.depth + 1 FROM onward
      JOIN generations_output o ON o.generation_id = onward.child
      JOIN generations_input i ON i.asset_id = o.asset_id
     WHERE onward.depth < %s
)
SELECT parent, child FROM onward LIMIT %s
"""


@dataclass(slots=True)
class Node:
    """A work and what was made from it. Each stands once, below the oldest of those it was made from."""

    generation: Generation
    is_current: bool
    children: list["Node"] = field(default_factory=list)
    # Works besides the one it stands below.
    also_from: int = 0

    @property
    def label(self) -> str | Promise:
        task = self.generation.task
        return next((goal.label for goal in GOALS if task in goal.tasks), task)

    @property
    def own_millicredits(self) -> int:
        row = self.generation
        return row.cost_millicredits - row.refunded_millicredits if row.stage == Stage.COMPLETED else 0

    @property
    def branch_millicredits(self) -> int:
        """Charged for it and for everything below."""
        return self.own_millicredits + sum(child.branch_millicredits for child in self.children)


@dataclass(frozen=True, slots=True)
class Lineage:
    """is_cut: there is more than is shown."""

    roots: Sequence[Node]
    is_cut: bool

    @property
    def millicredits(self) -> int:
        return sum(root.branch_millicredits for root in self.roots)


def lineage_of(generation: Generation, user: User) -> Lineage | None:
    """None for a work that stands alone. Two queries for that, two more for the rest and its files."""
    beginnings = _asked(BEGINNINGS, [generation.pk, DEPTH, DEPTH, MOST])
    steps = _asked(STEPS, [[pk for (pk,) in beginnings], 2 * DEPTH, 4 * MOST])
    ids = list(dict.fromkeys([generation.pk, *(child for _parent, child in steps)]))
    if len(ids) == 1:
        return None
    rows = Generation.objects.for_user(user).filter(pk__in=ids[:MOST]).with_outputs()
    nodes = {row.pk: Node(row, row.pk == generation.pk) for row in rows.order_by("created_at", "pk")}
    parents: dict[UUID, list[UUID]] = {}
    for parent, child in steps:
        if parent in nodes and parent not in parents.setdefault(child, []):
            parents[child].append(parent)
    roots = [node for pk, node in nodes.items() if not parents.get(pk)]
    order = {pk: number for number, pk in enumerate(nodes)}
    for pk, node in nodes.items():
        if given := parents.get(pk):
            nodes[min(given, key=order.__getitem__)].children.append(node)
            node.also_from = len(given) - 1
    return Lineage(roots, is_cut=len(ids) > MOST or len(steps) == 4 * MOST)


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from walk(node.children)


def _asked(query: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Any] = cursor.fetchall()
    return rows
