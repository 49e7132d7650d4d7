"""Measures how long the models' work has taken lately and writes it down; what is promised of it is timings'."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import quantiles

from django.db import connection, transaction
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from generations import timings
from generations.models import Generation, Stage, Timing
from providers import catalogue

DAYS = 30
# Of each model the newest; a busy model crowds out no other, and what one run reads is bounded.
MOST = 500
# Cut into twenty parts, the tenth cut is the middle and the last has 95 of 100 before it.
PARTS, MIDDLE, LAST = 20, 9, 18


def measure() -> int:
    """Writes the whole table anew and returns its number of rows.

    Twice at a time does no harm: the second waits for the first, and what it read before the first wrote is left out.
    Models that are no longer in the catalogue go with it.
    """
    began = timezone.now()
    rows = [row for model in catalogue.all_models() for row in _rows_of(model.id, began)]
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            # Keeps other writers out, and no reader.
            cursor.execute(f'LOCK TABLE "{Timing._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
        if Timing.objects.filter(measured_at__gt=began).exists():
            return 0
        Timing.objects.all().delete()
        Timing.objects.bulk_create(rows)
    return len(rows)


def finished(model_id: str, now: datetime) -> Iterator[tuple[str, float]]:
    """Kind of work and seconds of the model's newest results; by the index of finished work."""
    rows = Generation.objects.filter(
        model=model_id, stage=Stage.COMPLETED, submitted_at__isnull=False, completed_at__gt=now - timedelta(days=DAYS)
    )
    duration = KeyTextTransform("duration", "params")
    wanted = ("task", "frame_width", "frame_height", "outputs_expected", "submitted_at", "completed_at")
    newest = rows.order_by("-completed_at").values_list(*wanted, duration)[:MOST]
    for task, width, height, outputs, submitted_at, completed_at, length in newest:
        yield timings.kind_of(task, (width, height), length, outputs), (completed_at - submitted_at).total_seconds()


def _rows_of(model_id: str, now: datetime) -> Iterator[Timing]:
    """All of the model's work, however little, so that admins see what is lacking; kinds only with enough of it."""
    taken: dict[str, list[float]] = defaultdict(list)
    for kind, seconds in finished(model_id, now):
        taken[""].append(max(0.0, seconds))
        taken[kind].append(max(0.0, seconds))
    for kind, measured in taken.items():
        if not kind or len(measured) >= timings.LEAST:
            p50, p95 = _middle_and_end(measured)
            yield Timing(
                model=model_id, kind=kind, p50_seconds=p50, p95_seconds=p95, samples=len(measured), measured_at=now
            )


def _middle_and_end(seconds: list[float]) -> tuple[float, float]:
    if len(seconds) == 1:
        return seconds[0], seconds[0]
    cuts = quantiles(seconds, n=PARTS, method="inclusive")
    return cuts[MIDDLE], cuts[LAST]
