"""What a person typed into the search: words, and terms like model:, kind:, is:fav, stars:>=3, seed:, tag:, before:.

The text is the whole state of the page: chips, facets and saved searches are this text with a term more or less.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

MAX_LENGTH = 300
TOKEN = re.compile(r'-?(?:[a-z]+:)?"[^"]*"?|\S+', re.IGNORECASE)
NAMES = "model|provider|kind|tag|in|is|stars|seed|before|after"
TERM = re.compile(rf'(?P<not>-?)(?P<name>{NAMES}):(?P<value>"[^"]*"?|\S+)', re.IGNORECASE)
DATED = {"before", "after"}
# Those that have a form of their own; the longest seed is one that the database can hold.
FORMS = {"stars": re.compile(r"(?:[<>]=?|=)?[0-5]"), "seed": re.compile(r"\d{1,18}", re.ASCII)}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; `text` is as it stands in the search."""

    text: str
    name: str
    value: str
    is_negative: bool = False


class Search:
    """A search, read once. Nothing in it is an error: what is no term is a word, and a word may find nothing."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.replace("\0", " ").split())[:MAX_LENGTH]

    @cached_property
    def tokens(self) -> list[str]:
        return TOKEN.findall(self.text)

    @cached_property
    def terms(self) -> list[Term]:
        return [term for token in self.tokens if (term := _term(token))]

    @cached_property
    def words(self) -> str:
        """For websearch_to_tsquery: everything that is no term."""
        return " ".join(token for token in self.tokens if not _term(token))

    @cached_property
    def wanted_words(self) -> list[str]:
        """Single words that should be there, for likeness."""
        plain = (token for token in self.tokens if not _term(token) and not token.startswith("-"))
        return [word for token in plain for word in re.findall(r"\w{3,}", token)]

    @property
    def collection(self) -> str:
        """The one that is looked at, or ""."""
        return next((term.value for term in self.terms if term.name == "in" and not term.is_negative), "")

    def has(self, term: str) -> bool:
        return term.casefold() in {token.casefold() for token in self.tokens}

    def with_term(self, term: str) -> str:
        return self.text if self.has(term) else f"{self.text} {term}".strip()

    def without(self, term: str) -> str:
        return " ".join(token for token in self.tokens if token.casefold() != term.casefold())

    def chips(self) -> Iterator[tuple[str, str]]:
        """Each condition and the search without it."""
        for token in self.tokens:
            yield token, self.without(token)


def term_of(name: str, value: str) -> str:
    """How a condition is written; quoted where its value has a space."""
    return f'{name}:"{value}"' if re.search(r"\s", value) else f"{name}:{value}"


def _term(token: str) -> Term | None:
    found = TERM.fullmatch(token)
    if not found:
        return None
    name, value = found["name"].lower(), found["value"].strip('"')
    if not value or (name in DATED and day_of(value) is None):
        return None
    if name in FORMS and not FORMS[name].fullmatch(value):
        return None
    return Term(token, name, value, bool(found["not"]))


def day_of(value: str) -> date | None:
    """2026, 2026-05 or 2026-05-17; the first day of it."""
    try:
        return date.fromisoformat(value + "-01-01"[3 * value.count("-") :])
    except ValueError:
        return None
