"""What the sandbox reads from its environment. Not Django settings: the sandbox runs without Django."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LAST_PORT = 65535
SLOWEST = 100


class BadEnvironment(Exception):
    """A variable is missing or wrong; the message is a sentence that names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """Where the sandbox listens, where it keeps its things, and how fast its models are."""

    port: int
    folder: Path
    speed: float = 1.0

    @property
    def origin(self) -> str:
        """The origin every address in an answer begins with."""
        return f"http://127.0.0.1:{self.port}"


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """SANDBOX_PORT, DATA_DIR (var) and SANDBOX_SPEED (1.0: processing times are multiplied by it)."""
    port = variables.get("SANDBOX_PORT", "")
    if not port.isdecimal() or not 0 < int(port) <= LAST_PORT:
        raise BadEnvironment(f"SANDBOX_PORT is {port!r}; a port number is needed.")
    speed = variables.get("SANDBOX_SPEED", "") or "1.0"
    try:
        factor = float(speed)
    except ValueError as error:
        raise BadEnvironment(f"SANDBOX_SPEED is {speed!r}; a number is needed.") from error
    if not 0 <= factor <= SLOWEST:
        raise BadEnvironment(f"SANDBOX_SPEED is {speed}; it must be between 0 and {SLOWEST}.")
    folder = Path(variables.get("DATA_DIR", "") or "var").resolve() / "sandbox"
    return Environment(port=int(port), folder=folder, speed=factor)
