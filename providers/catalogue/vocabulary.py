"""The studio's own names of settings and inputs with what people read beside them, so that no model repeats it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from providers.catalogue.tables import Table
from providers.catalogue.texts import Localised

FILE = Path(__file__).with_name("vocabulary.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """choices: words for single values. choice: words for every other one, with {} in its place; None for none."""

    label: Localised
    help: Localised
    choices: Mapping[str, Localised] = field(default_factory=dict)
    choice: Localised | None = None

    def words_for(self, values: Sequence[str]) -> dict[str, Localised]:
        """What people read for these values, where there is more to say than the value itself."""
        found = {value: self.choices[value] for value in values if value in self.choices}
        if self.choice:
            found |= {value: self.choice.fill(value) for value in values if value not in found}
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    parameters: Mapping[str, Term]
    inputs: Mapping[str, Term]


@cache
def read() -> Vocabulary:
    """Raises BadTable."""
    table = Table(FILE.name, tomllib.loads(FILE.read_text(encoding="utf-8")))
    vocabulary = Vocabulary(parameters=_terms(table.table("parameters")), inputs=_terms(table.table("inputs")))
    table.finish()
    return vocabulary


def _terms(table: Table) -> dict[str, Term]:
    return {name: _term(table.table(name)) for name in table.names()}


def _term(table: Table) -> Term:
    choices = table.optional_table("choices")
    term = Term(
        label=table.localised("label"),
        help=table.localised("help"),
        choices={value: choices.localised(value) for value in choices.names()},
        choice=table.localised("choice") if "choice" in table.names() else None,
    )
    table.finish()
    return term
