"""The chapters of /docs/, in order, and the pages that each explains. The words stand in texts/<language>."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Chapter:
    """explains: names of the addresses whose page it is about; help on those pages leads here."""

    slug: str
    icon: str
    explains: tuple[str, ...] = ()

    def source(self, language: str) -> Path:
        return FOLDER / language / f"{self.slug}.md"


CHAPTERS = (
    Chapter("start", "sparkles", ("docs", "docs-page", "docs-search")),
    Chapter("create", "image", ("create", "models", "prompts", "uploads", "works")),
    Chapter("video", "clapperboard"),
    Chapter("keyframes", "film", ("keyframes", "keyframes-board")),
    Chapter("editors", "brush", ("inpaint", "expand")),
    Chapter("queue", "refresh-cw", ("queue", "history")),
    Chapter("result", "eye", ("result", "view", "compare")),
    Chapter("library", "library", ("library", "library-trash", "library-exports", "library-export")),
    Chapter("notifications", "bell", ("notifications", "notification-wishes")),
    Chapter("credits", "coins"),
    Chapter("models", "wand-sparkles", ("docs-model",)),
    Chapter("keyboard", "keyboard", ("palette", "shortcuts")),
    Chapter(
        "account",
        "key-round",
        ("account_login", "account_signup", "account_change_password", "account_email", "mfa_index"),
    ),
    Chapter("api", "square-code", ("schema",)),
    Chapter("operator", "gauge", ("operator", "admin:index", "admin_models", "styleguide")),
)


def chapter(slug: str) -> Chapter | None:
    return next((one for one in CHAPTERS if one.slug == slug), None)


@cache
def explaining(address_name: str) -> Chapter:
    """The chapter about a page; the first one where none is."""
    return next((one for one in CHAPTERS if address_name in one.explains), CHAPTERS[0])
