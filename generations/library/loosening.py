"""When nothing is found: which condition is in the way, and how many works there would be without it."""

from dataclasses import dataclass

from accounts.models import User
from generations.library import finding
from generations.library.search import Search

# Each is counted by itself; of more conditions the first ones are tried.
MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Way:
    """text: the condition that is left out. query: the search without it."""

    text: str
    query: str
    count: int


def ways_on(user: User, search: Search) -> list[Way]:
    """Those that lead to something, to most first. Without its only condition a search is the whole library: no way."""
    if len(search.tokens) < 2:  # noqa: PLR2004
        return []
    tried = list(dict(search.chips()).items())[:MOST_TRIED]
    ways = [Way(text, rest, finding.select(user, Search(rest)).count()) for text, rest in tried]
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)
