"""Trials from the first wish to the last answer: as many at once as the person has places, each judged when it ends."""

import time
import uuid
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generations.trials import judging
from generations.trials.calling import Api, Refused
from generations.trials.planning import Trial

PAUSE_SECONDS = 1.5
FINAL = {"completed", "failed", "cancelled"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """complaint: what went wrong, "" when all is as asked."""

    trial: Trial
    complaint: str


def carry_out(api: Api, trials: Sequence[Trial]) -> Iterator[Outcome]:
    """Each as it ends. That all do is the studio's promise: every generation has its deadline."""
    files = api.upload(sorted({slot for trial in trials for slot in trial.slots}))
    waiting, under_way = deque(trials), dict[str, Trial]()
    run = uuid.uuid4().hex
    while waiting or under_way:
        while waiting:
            try:
                generation_id = api.ask(waiting[0], files, f"{run}.{waiting[0].key}")
            except Refused as refused:
                if refused.code == "active_limit":
                    break
                yield Outcome(waiting.popleft(), str(refused))
            else:
                under_way[generation_id] = waiting.popleft()
        for row in api.rows():
            if row["status"] in FINAL and (trial := under_way.pop(row["id"], None)):
                yield Outcome(trial, complaint_about(api, trial, row))
        if under_way:
            time.sleep(PAUSE_SECONDS)


def complaint_about(api: Api, trial: Trial, row: Mapping[str, Any]) -> str:
    """What is wrong with a generation that has ended."""
    if row["status"] != "completed":
        whole = api.row(str(row["id"]))
        return f"{row['status']}, {whole['error_code']}: {whole['error_message']}"
    if row["task"] != trial.task:
        return f"taken for {row['task']}"
    return judging.complaint(trial, api.files_of(row))
