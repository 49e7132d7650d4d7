"""Reads what an operator pastes: a token a line, with a name before it or without. Knows no database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from providers.credentials import LONGEST_LABEL

MOST_LINES = 200
SECRET = re.compile(r"[\x21-\x7e]{8,500}", re.ASCII)
# What comes along from a shell, a .env file or a header.
ASSIGNMENT = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]*=")
SCHEMES = {"bearer", "token", "key"}
WRAPPING = "\"'`,;\ufeff\u200b"


class Unusable(Exception):
    """A line that is no token; the message is for the operator and does not quote it."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """label: "" when none was given."""

    number: int
    label: str
    secret: str = field(repr=False)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Those that say something, with their numbers as the operator counts them."""
    for number, line in enumerate(text.splitlines(), start=1):
        if stripped := line.strip():
            yield number, stripped


def read_line(number: int, line: str) -> Pasted:
    """`[name] token`. Raises Unusable."""
    *words, secret = ASSIGNMENT.sub("", line, count=1).split() or [""]
    secret = secret.strip(WRAPPING)
    if not SECRET.fullmatch(secret):
        raise Unusable(
            _("Line %(number)d is no token: a token has 8 to 500 letters, digits and signs, without spaces.")
            % {"number": number}
        )
    label = "".join(char for char in " ".join(words) if char.isprintable()).strip(WRAPPING + ": ")
    return Pasted(number, "" if label.lower() in SCHEMES else label[:LONGEST_LABEL], secret)
