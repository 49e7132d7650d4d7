"""A job as every provider's face sees it: values and a neutral state. The words of a wire contract are its face's."""

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


GOOD = 2  # the hundreds of an HTTP status that accepts


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
        return isinstance(self.answer, int) and self.answer // 100 == GOOD


@dataclass(kw_only=True, slots=True)
class Job:
    """What was accepted, and what became of it. `details` belongs to the face (version, deadline, …)."""

    provider: str
    id: str
    number: int
    endpoint: str
    input: dict[str, Any]
    created_ns: int
    webhook: str = ""
    events: tuple[str, ...] = ()
    directives: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    state: State = State.WAITING
    started_ns: int = 0  # 0: not yet
    completed_ns: int = 0
    outputs: tuple[str, ...] = ()
    error: str | None = None
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        """The words with their directives: the input's "prompt", unless the face found them elsewhere in it."""
        return str(self.details.get("prompt", self.input.get("prompt", "")))

    @property
    def ended_at(self) -> float:
        """Seconds since 1970 when it ended; 0 while it is open."""
        return self.completed_ns / 1e9

    def is_told(self, directive: str) -> bool:
        """Whether the prompt or a fault told this job to misbehave in that way."""
        return directive in self.directives

    def told_seconds(self, directive: str) -> float:
        """The number that came with a directive; 0 if it was not given."""
        return float(self.directives.get(directive) or 0)
