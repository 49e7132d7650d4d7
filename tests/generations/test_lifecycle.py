"""The law of stages, and the database behind it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from generations import lifecycle
from generations.models import Event, Generation, Stage
from generations.models.attempt import State
from generations.models.event import Kind
from generations.models.generation import FINAL, OPEN, STATUS_OF, WITH_SLOT

MakeRow = Callable[..., Generation]


@pytest.fixture
def make_row(alice: User) -> MakeRow:
    """A generation at any stage, as the database allows it."""

    def make(stage: Stage, **fields: object) -> Generation:
        now = timezone.now()
        columns: dict[str, object] = {
            "user": alice,
            "stage": stage,
            "status": STATUS_OF[stage],
            "slot": 1 if stage in WITH_SLOT else None,
            "next_action_at": None if stage in FINAL else now,
            "completed_at": now if stage in FINAL else None,
            "deadline_at": now + timedelta(hours=1),
            "model": "flux-schnell",
            "provider": "replicate",
            "prompt": "x",
            "frame_width": 1,
            "frame_height": 1,
            "expected_seconds": 1,
            "cost_millicredits": 0,
        }
        return Generation.objects.create(**{**columns, **fields})

    return make


def columns_for(stage: Stage) -> dict[str, Any]:
    if stage in FINAL:
        return {}
    return {"next_action_at": timezone.now(), "slot": 1 if stage in WITH_SLOT else None}


def test_every_stage_has_its_sources_and_no_final_one_is_a_source() -> None:
    assert set(lifecycle.MOVES) == set(Stage)
    assert not any(set(FINAL) & sources for sources in lifecycle.MOVES.values())
    assert set(STATUS_OF) == set(Stage)


@pytest.mark.parametrize(("source", "target"), list(product(Stage, Stage)), ids=lambda stage: stage.value)
def test_a_move_succeeds_exactly_where_the_table_allows_it(make_row: MakeRow, source: Stage, target: Stage) -> None:
    row = make_row(source)
    with transaction.atomic():
        won = lifecycle.move(row.pk, row.user_id, target, Kind.STARTED, **columns_for(target))
    row.refresh_from_db()
    assert won is (source in lifecycle.MOVES[target])
    assert row.stage == (target if won else source)
    assert row.status == STATUS_OF[Stage(row.stage)]
    assert Event.objects.filter(generation=row).count() == int(won)


@pytest.mark.parametrize("stage", OPEN)
def test_an_open_row_without_a_next_action_cannot_be_written(make_row: MakeRow, stage: Stage) -> None:
    with pytest.raises(IntegrityError, match="generation_open_has_next_action"), transaction.atomic():
        make_row(stage, next_action_at=None)


@pytest.mark.parametrize("stage", FINAL)
def test_a_final_row_cannot_keep_its_slot(make_row: MakeRow, stage: Stage) -> None:
    with pytest.raises(IntegrityError, match="generation_slot_while_working"), transaction.atomic():
        make_row(stage, slot=1)


def test_two_working_rows_cannot_share_a_slot(make_row: MakeRow) -> None:
    make_row(Stage.RUNNING)
    with pytest.raises(IntegrityError, match="generation_slot_once_per_person"), transaction.atomic():
        make_row(Stage.RUNNING)


def test_two_live_attempts_cannot_share_a_generation(make_row: MakeRow) -> None:
    row = make_row(Stage.RUNNING)
    columns = {"provider": "replicate", "endpoint": "x", "token_label": "x", "request": {}, "fuse_at": timezone.now()}
    row.attempts.create(number=1, state=State.UNKNOWN, **columns)
    with pytest.raises(IntegrityError, match="attempt_one_alive"), transaction.atomic():
        row.attempts.create(number=2, state=State.POSTING, **columns)


def test_status_and_stage_cannot_part(make_row: MakeRow) -> None:
    row = make_row(Stage.RUNNING)
    with pytest.raises(IntegrityError, match="generation_status_follows_stage"), transaction.atomic():
        Generation.objects.filter(pk=row.pk).update(status="completed")


def test_a_change_outside_a_transaction_is_refused(committed: None, make_person: Callable[..., User]) -> None:
    user = make_person("alice")
    with pytest.raises(transaction.TransactionManagementError):
        lifecycle.record(user.pk, user.pk, Kind.STARTED)  # type: ignore[arg-type]


def test_each_change_gets_the_persons_next_number(make_row: MakeRow, alice: User) -> None:
    row = make_row(Stage.RUNNING)
    with transaction.atomic():
        lifecycle.record(row.pk, alice.pk, Kind.STARTED)
        lifecycle.record(row.pk, alice.pk, Kind.WEBHOOK)
    alice.refresh_from_db()
    row.refresh_from_db()
    assert (alice.seq, row.change_seq) == (2, 2)
