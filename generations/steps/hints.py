"""What a step asks for next: somebody should look at this generation, in this queue, now."""

from typing import NamedTuple
from uuid import UUID

from generations.models import Generation, Stage
from providers import tokens

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


def hint_for(generation_id: UUID, stage: Stage | str, provider: str = "") -> Hint:
    """provider: who works on it, where somebody may; what this machine does is heavy and belongs to media."""
    is_ours = stage == Stage.RUNNING and tokens.works_here(provider)
    return Hint(generation_id, "media" if is_ours else QUEUES[Stage(stage)])


def hints_for(generation: Generation | None) -> list[Hint]:
    """One hint while the generation is open, none after."""
    if generation is None or generation.is_final:
        return []
    return [hint_for(generation.pk, generation.stage, generation.provider)]
