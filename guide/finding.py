"""Search over the headings of the guide and the names of the models."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from guide.reading import all_read, language
from providers import catalogue

MOST = 20
MAX_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """chapter: where the heading stands; "" for a chapter itself."""

    title: str
    chapter: str
    address: str

    def has(self, words: list[str]) -> bool:
        about = f"{self.title} {self.chapter}".casefold()
        return all(word in about for word in words)


def find(text: str, most: int = MOST) -> list[Entry]:
    """Every word has to be in the heading or in its chapter's title; headings that begin with the text come first."""
    wanted = text[:MAX_LENGTH].casefold()
    words = wanted.split()
    found = [entry for entry in entries(language()) if words and entry.has(words)]
    found.sort(key=lambda entry: (not entry.title.casefold().startswith(wanted), bool(entry.chapter)))
    return found[:most]


@lru_cache(maxsize=8)
def entries(_language: str) -> tuple[Entry, ...]:
    """All there are; read once a language."""
    return tuple(_entries())


def _entries() -> Iterator[Entry]:
    for chapter, written in all_read():
        address = reverse("docs-page", args=[chapter.slug])
        yield Entry(written.title, "", address)
        for heading in written.headings:
            yield Entry(heading.text, written.title, f"{address}#{heading.anchor}")
        if chapter.slug == "models":
            for model in catalogue.all_models():
                yield Entry(model.name, written.title, reverse("docs-model", args=[model.id]))


@lru_cache(maxsize=512)
def explanation(code: str) -> str:
    """The address of the heading that explains a failure or a refusal; "" where there is none."""
    for chapter, written in all_read():
        if any(heading.anchor == code for heading in written.headings):
            return f"{reverse('docs-page', args=[chapter.slug])}#{code}"
    return ""
