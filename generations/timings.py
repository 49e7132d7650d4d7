"""How long work like this takes, as promised before it is begun: by the studio's own history, else by the model's file.

History is measured every hour (generations.measuring); a process reads it once a minute, so a price costs no query.
"""

import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

from generations.models import Timing
from providers.catalogue import Model
from providers.catalogue.frames import Frame
from providers.catalogue.price import seconds_in

MEBIPIXEL = 1_048_576
# One in twenty may be slower than what is called almost always: fewer than twenty cannot say it.
LEAST = 20
REMEMBERED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Time:
    """usual: half take less. slow: 95 of 100 take less; None where the model's file says how long, not history.

    samples: how many were measured.
    """

    usual_seconds: int
    slow_seconds: int | None = None
    samples: int = 0

    @property
    def is_measured(self) -> bool:
        return self.slow_seconds is not None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows with enough samples, as they were read at that time."""

    read_at: float
    times: Mapping[tuple[str, str], Time]


# Replaced whole, so threads need no lock.
_snapshots: list[Snapshot] = []


def kind_of(task: str, frame: Frame, duration: object, outputs: int) -> str:
    """Work that takes about as long: the same task, a size up to the same power of two, as long and as many."""
    blocks = max(1, math.ceil(frame[0] * frame[1] / MEBIPIXEL))
    seconds = seconds_in(duration)
    length = f" {seconds:g} s" if seconds else ""
    number = f" × {outputs}" if outputs > 1 else ""
    return f"{task} {1 << (blocks - 1).bit_length()} MP{length}{number}"[:80]


def time_of(model: Model, kind: str = "") -> Time:
    """Of this kind of work, else of all of the model's, else as its file says."""
    times = _recall().times
    return times.get((model.id, kind)) or times.get((model.id, "")) or Time(max(1, round(model.typical_seconds)))


def forget() -> None:
    """The next question reads the table again."""
    _snapshots.clear()


def _recall() -> Snapshot:
    known = _snapshots[-1:]
    if known and known[0].read_at > time.monotonic() - REMEMBERED_SECONDS:
        return known[0]
    rows = Timing.objects.filter(samples__gte=LEAST)
    snapshot = Snapshot(time.monotonic(), {(row.model, row.kind): _promised(row) for row in rows})
    _snapshots[:] = [snapshot]
    return snapshot


def _promised(row: Timing) -> Time:
    """In whole seconds; "under" is kept to the letter, so the slow end is above what was measured."""
    usual = max(1, round(row.p50_seconds))
    return Time(usual, max(usual, math.floor(row.p95_seconds)) + 1, row.samples)


# What a parent read before it forked is the parent's.
os.register_at_fork(after_in_child=_snapshots.clear)
