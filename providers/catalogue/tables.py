"""Reads a TOML table key by key, and refuses what nobody asked for: a mistyped key must not pass in silence."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Self, TypeVar

from providers.catalogue.texts import LANGUAGES, Localised

T = TypeVar("T", str, int, date)
# Stands in drafts where a person has to fill something in.
UNKNOWN = "?"


class BadTable(Exception):
    """A sentence about what is wrong. section, key: where it stands; word: what to look for where neither is known."""

    def __init__(self, sentence: str, section: str = "", key: str = "", word: str = "") -> None:
        super().__init__(sentence)
        self.section, self.key, self.word = section, key, word


def unfinished(values: Any, where: str) -> Iterator[str]:
    """Where in a whole file it still says UNKNOWN."""
    if values == UNKNOWN:
        yield where
    pairs: Any = ()
    if isinstance(values, dict):
        pairs = ((f"{where}.{key}" if where else key, value) for key, value in values.items())
    elif isinstance(values, list):
        pairs = ((f"{where}[{index}]", value) for index, value in enumerate(values))
    for place, value in pairs:
        yield from unfinished(value, place)


class Table:
    def __init__(self, where: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise BadTable(f"{where} must be a table", where)
        self._where = where
        self._values: dict[str, Any] = dict(values)

    def take(self, key: str, kind: type[T], *default: T) -> T:
        """The value of exactly this type, or the default if one is given. Raises BadTable."""
        value = self._values.pop(key, *default) if default else self._pop(key)
        if type(value) is not kind:
            raise self.wrong(key, f"must be of type {kind.__name__}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._values.pop(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def take_any(self, key: str) -> Any:
        """Whatever stands there, None when nothing does."""
        return self._values.pop(key, None)

    def number(self, key: str) -> float | None:
        value = self._values.pop(key, None)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise self.wrong(key, "must be a number")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of different texts; none when the key is not there."""
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.wrong(key, "must be a list of texts")
        if len(set(value)) != len(value):
            raise self.wrong(key, "has the same text twice")
        return tuple(value)

    def text_map(self, key: str) -> dict[str, str]:
        value = self._values.pop(key, {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self.wrong(key, "must be a table of texts")
        return value

    def localised(self, key: str, *default: Localised) -> Localised:
        """A table with a text in each language of the studio, or the default if one is given."""
        if default and key not in self._values:
            return default[0]
        texts = self.text_map(key)
        if set(texts) != set(LANGUAGES) or not all(texts.values()):
            raise self.wrong(key, f"must have a text in each of {', '.join(LANGUAGES)}, and nothing else")
        return Localised(texts)

    def table(self, key: str) -> Self:
        return type(self)(f"{self._where}.{key}", self._pop(key))

    def optional_table(self, key: str) -> Self:
        """The same, and an empty one when the key is not there."""
        return type(self)(f"{self._where}.{key}", self._values.pop(key, {}))

    def names(self) -> list[str]:
        """The keys that nobody took yet."""
        return list(self._values)

    def tables(self, key: str) -> list[Self]:
        value = self._pop(key)
        if not isinstance(value, list) or not value:
            raise self.wrong(key, "must be a list of tables with at least one in it")
        return [type(self)(f"{self._where}.{key}[{index}]", one) for index, one in enumerate(value)]

    def optional_tables(self, key: str) -> list[Self]:
        """The same, and none when the key is not there."""
        return self.tables(key) if key in self._values else []

    def any_map(self, key: str) -> dict[str, Any]:
        """A table of whatever; empty when the key is not there."""
        value = self._values.pop(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return value

    def maps(self, key: str) -> dict[str, dict[str, Any]]:
        """A table of tables."""
        value = self.any_map(key)
        if not all(isinstance(inner, dict) for inner in value.values()):
            raise self.wrong(key, "must be a table of tables")
        return value

    def finish(self) -> None:
        """Raises BadTable when a key is left that nobody took."""
        if self._values:
            unknown = sorted(self._values)[0]
            raise BadTable(f"{self._where} has the unknown key {unknown!r}", self._where, unknown)

    def wrong(self, key: str, what: str) -> BadTable:
        return BadTable(f"{self._where}: {key} {what}", self._where, key)

    def _pop(self, key: str) -> Any:
        if key not in self._values:
            raise BadTable(f"{self._where} lacks {key!r}", self._where)
        return self._values.pop(key)
