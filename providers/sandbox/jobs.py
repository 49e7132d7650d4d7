"""A job as every provider's face sees it: values and a neutral state. The words of a wire contract stand in its face."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """The neutral states; each face has its own words for them."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    ABORTED = "aborted"

    @property
    def is_final(self) -> bool:
        return self not in (State.WAITING, State.RUNNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One attempt to hand over a webhook, and what came back: an HTTP status, or the name of a network failure."""

    webhook_id: str
    event: str
    attempt: int
    answer: int | str
    at: float

    @property
    def is_accepted(self) -> bool:
        return isinstance(self.answer, int) and 200 <= self.answer < 300


@dataclass(kw_only=True, slots=True)
class Job:
    """What was accepted, and what became of it. `details` belongs to the face (version, deadline, …)."""

    provider: str
    id: str
    number: int
    endpoint: str
    input: dict[str, Any]
    created_ns: int
    webhook: str | None = None
    events: tuple[str, ...] = ()
    directives: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    state: State = State.WAITING
    started_ns: int | None = None
    completed_ns: int | None = None
    outputs: tuple[str, ...] = ()
    error: str | None = None
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        return str(self.input.get("prompt", ""))

    def is_told(self, directive: str) -> bool:
        """Whether the prompt or a fault told this job to misbehave in that way."""
        return directive in self.directives

    def told_seconds(self, directive: str) -> float:
        """The number that came with a directive; 0 if it was not given."""
        return float(self.directives.get(directive) or 0)
