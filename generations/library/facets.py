"""What stands beside the pictures: each facet's values with how many there are, and the search with one more term."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from generations.library.finding import Counts
from generations.library.search import Search, term_of
from generations.models import Collection, SavedSearch
from generations.models.item import MOST_STARS, Kind
from providers import catalogue

SHOWN = 12
MOST_SHORTCUTS, NOT_COUNTED = 100, -1


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: its name, how many, the search that includes it or, when it is chosen, the one without it."""

    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str | Promise
    choices: list[Choice]
    more: list[Choice]


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Searches with a name of their own: collections, with how many they hold, and what the person kept."""

    collections: list[Choice]
    kept: list[str]


def shortcuts(search: Search, user: User) -> Shortcuts:
    """Both in one query. What a kept search finds nobody has counted: see ADR 0024."""
    named = Collection.objects.for_user(user).values_list("name", "size")
    kept = SavedSearch.objects.for_user(user).values_list("query", Value(NOT_COUNTED))
    rows = sorted(named.union(kept, all=True)[:MOST_SHORTCUTS])
    collections = [_collection(search, name, size) for name, size in rows if size != NOT_COUNTED]
    return Shortcuts(collections, [text for text, size in rows if size == NOT_COUNTED])


def known_names(counts: Counts, shortcuts: Shortcuts) -> list[str]:
    """Tags of what was found and all collections, each once: what a name that is typed may be completed to."""
    tags = [tag for tag, _count in counts.facets.get("tag", [])]
    return list(dict.fromkeys([*(choice.label for choice in shortcuts.collections), *tags]))


def _collection(search: Search, name: str, size: int) -> Choice:
    """Looked at by itself. A name holds no quotation mark."""
    term = f'in:"{name}"'
    is_chosen = search.has(term)
    return Choice(name, size, search.without(term) if is_chosen else term, is_chosen)


TITLES: dict[str, str | Promise] = {
    "is": _("Marked"),
    "stars": _("Stars"),
    "kind": _("Kind"),
    "model": _("Model"),
    "provider": _("Provider"),
    "tag": _("Tag"),
}


def groups(search: Search, counts: Counts) -> list[Group]:
    """Those that have values, the most frequent first."""
    found = []
    for name, title in TITLES.items():
        values = counts.facets.get(name, [])
        if name == "stars":
            values = _or_more(values)
        choices = [_choice(search, name, value, count) for value, count in values]
        if choices:
            found.append(Group(name, title, choices[:SHOWN], choices[SHOWN:]))
    return found


def _or_more(values: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """So many stars or more, the most first; what would count the same as the one above is left out."""
    found, total = [], 0
    for stars, count in sorted(values, reverse=True):
        total += count
        found.append((stars if stars == str(MOST_STARS) else f">={stars}", total))
    return found


def _choice(search: Search, name: str, value: str, count: int) -> Choice:
    term = term_of(name, value)
    is_chosen = search.has(term)
    query = search.without(term) if is_chosen else _instead(search, name).with_term(term)
    return Choice(LABELS.get(name, str)(value), count, query, is_chosen)


def _instead(search: Search, name: str) -> Search:
    """Of stars, one condition takes the place of the other."""
    for term in search.terms:
        if term.name == name == "stars":
            search = Search(search.without(term.text))
    return search


def _stars(value: str) -> str:
    number = int(value[-1])
    if number == MOST_STARS:
        return ngettext("%(number)s star", "%(number)s stars", number) % {"number": number}
    return ngettext("%(number)s star or more", "%(number)s stars or more", number) % {"number": number}


def _model_name(model_id: str) -> str:
    """A model that is offered no more is called by its id."""
    try:
        return catalogue.get(model_id).name
    except catalogue.UnknownModel:
        return model_id


LABELS: dict[str, Callable[[str], str]] = {
    "is": lambda _value: str(_("Favourites")),
    "kind": lambda value: str(Kind(value).label),
    "model": _model_name,
    "provider": str.capitalize,
    "stars": _stars,
}
