"""Reads a prompt: which scene it asks for. What it does not name, the seed chooses later."""

import re
from dataclasses import dataclass

from providers.sandbox.pictures import words
from providers.sandbox.pictures.colour import Colour, rgb
from providers.sandbox.pictures.words import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """None and empty: not named."""

    place: str | None
    hour: str | None
    style: str | None
    season: str | None
    look: str | None
    weather: frozenset[str]
    subjects: tuple[str, ...]
    colours: tuple[Colour, ...]


def _compile(table: Table) -> dict[str, re.Pattern[str]]:
    patterns = {}
    for value, stems in table.items():
        parts = [re.escape(stem[:-1]) + r"\S*" if stem.endswith("*") else re.escape(stem) for stem in stems.split()]
        patterns[value] = re.compile(rf"(?<!\S)(?:{'|'.join(parts)})(?!\S)")
    return patterns


PLACES, PEOPLE, SUBJECTS, HOURS, WEATHER, SEASONS, STYLES, COLOURS = (
    _compile(table)
    for table in (
        words.PLACES,
        words.PEOPLE,
        words.SUBJECTS,
        words.HOURS,
        words.WEATHER,
        words.SEASONS,
        words.STYLES,
        words.COLOURS,
    )
)
# Where a scene plays that only names who or what is in it.
HOMES = {
    "deer": "forest",
    "cat": "meadow",
    "wolf": "mountains",
    "horse": "meadow",
    "bear": "forest",
    "whale": "sea",
    "sail": "sea",
    "lighthouse": "sea",
    "cabin": "mountains",
    "castle": "mountains",
    "balloon": "mountains",
    "rocket": "space",
    "palm": "sea",
    "tree": "meadow",
    "birds": "sea",
}
# What several places together mean, the first that fits.
TOGETHER: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"portrait"}), "portrait"),
    (frozenset({"space"}), "space"),
    (frozenset({"abstract"}), "abstract"),
    (frozenset({"flower", "meadow"}), "meadow"),
    (frozenset({"mountains", "forest"}), "forest"),
    (frozenset({"mountains", "sea"}), "lake"),
)


def plain(prompt: str) -> str:
    """Lower case, ё as е, punctuation as spaces (hyphens stay)."""
    return re.sub(r"[^\w&/-]+", " ", prompt.lower().replace("ё", "е")).strip()


def _matches(patterns: dict[str, re.Pattern[str]], text: str) -> list[str]:
    """The values whose words occur, in the order they first occur."""
    found = [(match.start(), value) for value, pattern in patterns.items() if (match := pattern.search(text))]
    return [value for _, value in sorted(found)]


def _place(text: str, subjects: list[str], look: str | None) -> str | None:
    places = _matches(PLACES, text)
    for together, place in TOGETHER:
        if together <= set(places):
            return place
    if places:
        return places[0]
    return HOMES[subjects[0]] if subjects else ("portrait" if look else None)


def read(prompt: str) -> Scene:
    """What the words ask for."""
    text = plain(prompt)
    subjects = _matches(SUBJECTS, text)
    look = next((value for value, pattern in PEOPLE.items() if pattern.search(text)), None)
    place = _place(text, subjects, look)
    if look and place != "portrait":
        subjects.insert(0, "person")
    style = "monochrome" if re.search(r"black[ -]and[ -]white|черно[ -]бел", text) else None
    return Scene(
        place=place,
        hour=next(iter(_matches(HOURS, text)), None),
        style=style or next(iter(_matches(STYLES, text)), None),
        season=next(iter(_matches(SEASONS, text)), None),
        look=look,
        weather=frozenset(_matches(WEATHER, text)),
        subjects=tuple(subjects[:3]),
        colours=tuple(rgb(value) for value in _matches(COLOURS, text)[:2]),
    )
