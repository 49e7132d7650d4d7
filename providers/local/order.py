"""What the child process is told to do, and how it says no. Plain values, written as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

MEGAPIXEL = 1_000_000


class Refused(Exception):
    """The work cannot be done on what was given. code: an ErrorCode. The message is for admins."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TooLarge(Refused):
    """More pixels than this work takes on."""

    def __init__(self, message: str) -> None:
        super().__init__("input_too_large", message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """files: input slot → paths. settings: as the catalogue's route wrote them. seconds: how long it may take."""

    endpoint: str
    files: Mapping[str, Sequence[str]]
    settings: Mapping[str, Any]
    seconds: int

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError, TypeError or KeyError for what to_json() did not write."""
        values = json.loads(text)
        return cls(**values)

    def file(self, slot: str) -> Path:
        """The first file of a slot. Raises Refused when there is none."""
        if not self.files.get(slot):
            raise Refused("input_refused", f"the input {slot} is needed")
        return Path(self.files[slot][0])
