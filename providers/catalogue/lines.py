"""On which line of a TOML file a key stands. The parser keeps no places, so the text is looked through once more."""

import re

HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"^\s*[\"']?([\w-]+)[\"']?\s*(?:\.[^=]*)?=")
LAST_PART = re.compile(r"(\.?[^.\[\]]+|\[\d+\])$")


def line_of(text: str, section: str, key: str) -> int:
    """The key's line, from 1; else that of the table it belongs to. section: as in "parameters[1].choice_labels"."""
    places = _places(text)
    own = f"{section}.{key}" if section else key
    if (own, "") in places:  # a table with its own header
        return places[own, ""]
    while (section, key) not in places:
        if (section, "") in places or not section:
            return places.get((section, ""), 1)
        # Written inline, or within a list: the line of what it is part of.
        rest = LAST_PART.sub("", section)
        part = section.removeprefix(rest).lstrip(".")
        section, key = rest, key if part.startswith("[") else part
    return places[section, key]


def line_with(text: str, word: str) -> int:
    """The first line outside comments on which the word stands; 1 when it stands nowhere."""
    found = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if found.search(line.partition("#")[0])), 1)


def _places(text: str) -> dict[tuple[str, str], int]:
    """(table, key) → line; (table, "") is where the table begins."""
    places: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            section = _section(header[2], counts, is_list=header[1] == "[[")
            places.setdefault((section, ""), number)
        elif key := KEY.match(line):
            places.setdefault((section, key[1]), number)
    return places


def _section(header: str, counts: dict[str, int], *, is_list: bool) -> str:
    """The header with the number of each list's entry in it; this one's is counted on."""
    section, parts = "", header.split(".")
    for depth, part in enumerate(parts, 1):
        section = f"{section}.{part}" if section else part
        if depth == len(parts) and is_list:
            counts[section] = counts.get(section, -1) + 1
        if section in counts:
            section = f"{section}[{counts[section]}]"
    return section
