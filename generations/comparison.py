"""Two to four works side by side: what they were made with, and in what that differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from generations.models import Generation
from generations.recipes import recipes_of

LEAST, MOST = 2, 4


class WrongNumber(Exception):
    """Fewer than two works, or more than can be looked at side by side."""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: a text for each work, "" where a work has none."""

    label: str
    texts: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.texts)) > 1


def rows_of(works: Sequence[Generation]) -> list[Row]:
    """Every setting that at least one of them has, in the order of the first that has it. Two queries."""
    columns = [{line.name: line for line in recipe.lines} for recipe in recipes_of(works)]
    names = list(dict.fromkeys(name for column in columns for name in column))
    found = []
    for name in names:
        label = next(column[name].label for column in columns if name in column)
        found.append(Row(label, [column[name].text if name in column else "" for column in columns]))
    return found


def require_number(count: int) -> None:
    """Raises WrongNumber."""
    if not LEAST <= count <= MOST:
        raise WrongNumber
