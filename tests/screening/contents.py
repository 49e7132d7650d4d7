"""docs/screens/README.md: every picture that is there, by rooms."""

from pathlib import Path

from tests.screening.rooms import WINGS, Room
from tests.screening.visiting import LANGUAGES, THEMES, WIDTHS

HEAD = """# Screens

Every room of the studio in both themes and both languages, 1440 and 390 pixels wide. `bin/screens` takes these pictures
of a running studio whose pictures the sandbox draws, and writes this page; `bin/screens create library` takes some.
"""


def name_of(room: Room, theme: str, language: str, width: int) -> str:
    return f"{room.name}-{theme}-{language}-{width}.webp"


def write(folder: Path) -> None:
    there = {path.name for path in folder.glob("*.webp")}
    parts = [HEAD]
    for wing in WINGS:
        rows = [row for room in wing.rooms if (row := _row(room, there))]
        if rows:
            parts.append(f"## {wing.title}\n\n" + "\n".join(("| room | dark | light |", "|---|---|---|", *rows)) + "\n")
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")


def _row(room: Room, there: set[str]) -> str:
    cells = [_links(room, theme, there) for theme in THEMES]
    return f"| {room.name} | {' | '.join(cells)} |" if any(cells) else ""


def _links(room: Room, theme: str, there: set[str]) -> str:
    names = {f"{language} {width}": name_of(room, theme, language, width) for language in LANGUAGES for width in WIDTHS}
    return " · ".join(f"[{words}]({name})" for words, name in names.items() if name in there)
