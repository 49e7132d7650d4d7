"""The law: which stage may follow which, and the one way to change it.

    queued ──► submitting ──► running ──► saving ──► completed
       ▲           │  └──► unconfirmed ──► running
       └───────────┘ refused for now, or never sent
    any open one ──► failed | cancelled

A move is one conditional UPDATE; its row count decides who goes on. Final stages never change.
Callers hold the person's row lock (lock order: user, generation, attempt, balance).
"""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from generations import notices
from generations.models import Event, Generation, Stage
from generations.models.event import Kind
from generations.models.generation import FINAL, OPEN, STATUS_OF

NEXT_CHANGE = """
WITH person AS (UPDATE accounts_user SET seq = seq + 1 WHERE id = %s RETURNING seq)
UPDATE generations_generation SET change_seq = person.seq FROM person WHERE id = %s RETURNING change_seq
"""
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.QUEUED: frozenset({Stage.SUBMITTING}),
    Stage.SUBMITTING: frozenset({Stage.QUEUED}),
    Stage.UNCONFIRMED: frozenset({Stage.SUBMITTING}),
    Stage.RUNNING: frozenset({Stage.SUBMITTING, Stage.UNCONFIRMED}),
    Stage.SAVING: frozenset({Stage.SUBMITTING, Stage.UNCONFIRMED, Stage.RUNNING}),
    Stage.COMPLETED: frozenset({Stage.SAVING}),
    Stage.FAILED: frozenset(OPEN),
    Stage.CANCELLED: frozenset(OPEN),
}


def move(
    generation_id: UUID,
    user_id: int,
    to: Stage,
    event: Kind,
    data: dict[str, Any] | None = None,
    *,
    only_from: Stage | None = None,
    **fields: Any,
) -> bool:
    """Takes a generation to another stage. True: this caller won and goes on; False: somebody else did.

    `only_from` is for a caller whose reason held at one stage only: a deadline that was looked at before a slow call
    must not end what has moved on meanwhile.
    `fields` are further columns of the same UPDATE; an open stage needs `next_action_at`, a working one its `slot`
    when it enters. Must run inside the transaction that also moves what belongs to it (credits, outputs).
    """
    sources = MOVES[to] if only_from is None else MOVES[to] & {only_from}
    columns: dict[str, Any] = {
        "stage": to,
        "status": STATUS_OF[to],
        "tries_in_stage": 0,
        "hints": 0,
        "hinted_at": None,
        "lease_until": None,
        "lease_token": None,
        **fields,
    }
    if to is not Stage.QUEUED:
        columns |= {"waits_for": "", "place_in_line": None}
    if to in FINAL:
        columns |= {"next_action_at": None, "slot": None, "completed_at": Now()}
    moved = Generation.objects.filter(pk=generation_id, stage__in=sources).update(**columns)
    if moved:
        record(generation_id, user_id, event, data)
    return bool(moved)


def record(generation_id: UUID, user_id: int, event: Kind, data: dict[str, Any] | None = None) -> None:
    """Writes down what happened and lets the person's pages know after commit."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("events are written with the change they tell of")
    Event.objects.create(generation_id=generation_id, kind=event, data=data or {})
    touch(generation_id, user_id)


def touch(generation_id: UUID, user_id: int) -> None:
    """Stamps the row with the person's next change number, in one statement (the ORM would need three)."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_CHANGE, [user_id, generation_id])
        ((seq,),) = cursor.fetchall()
    notices.announce_on_commit(user_id, seq)
