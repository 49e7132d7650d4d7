"""What can be started: a command with its environment. The Procfile names most of them."""

import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from config.local.site import Refusal


@dataclass(frozen=True, kw_only=True)
class Program:
    """A server to keep running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    # Must be free before the start: a left-over worker on it would share it silently with the new one.
    port: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # The database and the message store stop last.
    is_service: bool = False


def read_procfile(path: Path) -> dict[str, str]:
    """Command by process name, in the file's order."""
    commands = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, colon, command = line.partition(":")
        if colon and not name.startswith("#"):
            commands[name.strip()] = command.strip()
    return commands


def expand(command: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command's words with $NAME filled in; no shell, so that a signal reaches the program itself."""
    try:
        return tuple(Template(word).substitute(environment) for word in shlex.split(command))
    except KeyError as error:
        raise Refusal(f"The Procfile uses {error.args[0]}, which is not set.") from error


def without_nice(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same command, yielding to nobody."""
    return words[3:] if words[:2] == ("nice", "-n") else words
