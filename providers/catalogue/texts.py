"""Texts that stand in the catalogue itself, in every language of the studio. Sentences of the code use gettext."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Localised:
    """One text in all languages; str() gives it in the active one. texts: language code → text, "en" always there."""

    texts: Mapping[str, str]

    def __str__(self) -> str:
        language = (get_language() or "en").partition("-")[0]
        return self.texts.get(language, self.texts["en"])

    def fill(self, value: str) -> "Localised":
        """The same text with the value where {} stands."""
        return Localised({language: text.replace("{}", value) for language, text in self.texts.items()})
