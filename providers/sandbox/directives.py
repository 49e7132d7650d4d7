"""How a prompt tells the sandbox to misbehave: `[[name]]` or `[[name=value]]`. The list of names; not what they do.

The same names are the faults of /control/faults. What each does is told in docs/sandbox.md.
"""

import re
from collections.abc import Callable

PATTERN = re.compile(r"\s*\[\[\s*([a-z0-9-]+)\s*(?:=\s*([^\]]*?)\s*)?\]\]")


def _nothing(value: str | None) -> bool:
    return value is None


def _seconds(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"\d{1,6}(\.\d+)?", value) is not None


def _count(value: str | None) -> bool:
    return value is None or re.fullmatch(r"[1-9]\d?", value) is not None


def _text(value: str | None) -> bool:
    return True


def _status(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"[45]\d\d", value) is not None


SIGNINGS = ("unsigned", "signed", "dual")


def _signing(value: str | None) -> bool:
    return value in SIGNINGS


NAMES: dict[str, Callable[[str | None], bool]] = {
    # What becomes of the job.
    "slow": _seconds,
    "queue": _seconds,
    "fail": _text,
    "refuse": _text,
    "empty": _nothing,
    "null": _nothing,
    "part": _nothing,
    "text-only": _nothing,
    "incomplete": _nothing,
    "aborted": _nothing,
    # Refused at the door; nothing is accepted.
    "401": _nothing,
    "402": _nothing,
    "403": _text,
    "422": _text,
    "429": _text,
    "500": _nothing,
    # Accepted, and the answer goes wrong.
    "accept-500": _nothing,
    "accept-cut": _nothing,
    "accept-slow": _seconds,
    "stream-cut": _nothing,
    # The webhook goes wrong.
    "drop": _nothing,
    "duplicate": _count,
    "reorder": _nothing,
    "corrupt": _count,
    "late": _seconds,
    "early": _nothing,
    "payload-error": _nothing,
    "sign": _signing,
    # The file goes wrong.
    "lie": _nothing,
    "truncated": _nothing,
    "slow-file": _seconds,
    "html-file": _nothing,
    "gone": _nothing,
    "huge": _nothing,
    # Later calls go wrong.
    "get": _status,
    "cancel": _status,
    "unstoppable": _nothing,
}


def is_known(name: str, value: str | None) -> bool:
    """Whether there is such a directive and the value, if any, suits it."""
    return name in NAMES and NAMES[name](value)


def split(prompt: str) -> tuple[str, dict[str, str]]:
    """The words to draw, and the directives found. What is not a directive stays part of the words."""
    found: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        name, value = match.group(1), match.group(2)
        if not is_known(name, value):
            return match.group(0)
        found[name] = value or ""
        return ""

    return PATTERN.sub(take, prompt).strip(), found
