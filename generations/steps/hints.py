"""What a step asks for next: somebody should look at this generation, in this queue, now."""

from typing import NamedTuple
from uuid import UUID

from generations.models import Generation, Stage

QUEUES = {
    Stage.QUEUED: "submit",
    Stage.SUBMITTING: "poll",
    Stage.UNCONFIRMED: "poll",
    Stage.RUNNING: "poll",
    Stage.SAVING: "media",
}


class Hint(NamedTuple):
    generation_id: UUID
    queue: str


def hint_for(generation_id: UUID, stage: Stage | str) -> Hint:
    return Hint(generation_id, QUEUES[Stage(stage)])


def hints_for(generation: Generation | None) -> list[Hint]:
    """One hint while the generation is open, none after."""
    return [hint_for(generation.pk, generation.stage)] if generation is not None and not generation.is_final else []
