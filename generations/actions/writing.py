"""A wish becomes rows: one call of a function in the database, which is one transaction and one round trip.

What the function does, and in which order, stands in generations/sql/requesting.sql.
"""

import json
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.ids import uuid7
from accounts.models import User
from generations.actions.files import Files
from generations.models import Generation, Waiting
from generations.steps.submitting import WAIT_FOR_PLACE_SECONDS

REQUEST = "SELECT * FROM generation_request(%s, %s, %s, %s, %s, %s, %s)"
# Columns as they are; the rest is either new or the database's to say.
COLUMNS = (
    "model",
    "model_name",
    "task",
    "provider",
    "prompt",
    "params",
    "seed",
    "frame_width",
    "frame_height",
    "expected_seconds",
    "slow_seconds",
    "outputs_expected",
    "cost_millicredits",
    "priority",
)


class Outcome(NamedTuple):
    """The function's answer: a row that was there before, or the line and the credits, or when it was written."""

    earlier_id: UUID | None
    earlier_fingerprint: str | None
    active: int
    waiting: int
    available: int | None
    written_at: datetime | None
    due_at: datetime | None
    seq: int | None
    is_paused: bool

    @property
    def is_due(self) -> bool:
        """There may be a place for it now."""
        return self.due_at == self.written_at


def write(user: User, generation: Generation, files: Files, key: str, fingerprint: str) -> Outcome:
    """Writes the new row with its hold, event, change number and key, unless the outcome says why not.

    key: "" for none. The generation is as if read back when it was written, and of no use when it was not.
    """
    wish = {name: getattr(generation, name) for name in COLUMNS}
    wish |= {"id": str(generation.pk), "event_id": str(uuid7()), "transaction_id": str(uuid7())}
    wish |= {"reference": generation.ledger_reference, "key": key, "fingerprint": fingerprint}
    wish["inputs"] = [
        {"slot": slot, "index": index, "asset": str(asset.pk)}
        for slot, assets in files.items()
        for index, asset in enumerate(assets)
    ]
    if generation.retry_of_id:
        wish["retry_of_id"] = str(generation.retry_of_id)
    if generation.batch_id:
        wish["batch_id"] = str(generation.batch_id)
    places = settings.MAX_ACTIVE_GENERATIONS, settings.MAX_WAITING_GENERATIONS
    seconds = settings.QUEUE_PATIENCE_SECONDS, WAIT_FOR_PLACE_SECONDS, settings.PAUSE_PATIENCE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(REQUEST, [user.pk, json.dumps(wish), *places, *seconds])
        ((*answer,),) = cursor.fetchall()
    outcome = Outcome(*answer)
    if outcome.written_at:
        _stamp(generation, outcome, outcome.written_at)
    return outcome


def _stamp(generation: Generation, outcome: Outcome, written_at: datetime) -> None:
    generation.created_at, generation.change_seq = written_at, outcome.seq or 0
    generation.next_action_at = outcome.due_at
    patience = settings.PAUSE_PATIENCE_SECONDS if outcome.is_paused else settings.QUEUE_PATIENCE_SECONDS
    generation.deadline_at = written_at + timedelta(seconds=patience)
    generation.waits_for = Waiting.PAUSE if outcome.is_paused else ""
    generation._state.adding, generation._state.db = False, connection.alias
