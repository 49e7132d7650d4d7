"""A chapter as it is read: its Markdown is a template first, so that addresses and limits in it are true."""

from functools import lru_cache

from django.conf import settings
from django.template import Context, Engine
from django.utils.translation import get_language

from generations import refusals
from generations.failures import FAILURES
from generations.models import Stage
from guide import shortcuts
from guide.chapters import CHAPTERS, Chapter
from guide.markup import Written, write

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
MEBIBYTE = 1_048_576
# Where an example needs the number of a generation and the reader has none yet.
SOME_ID = "01a2073e-7a1a-7141-bc83-53673321c724"


def language() -> str:
    """The active one of those there are texts in."""
    active = (get_language() or "en").partition("-")[0]
    return active if active in LANGUAGES else "en"


def read(chapter: Chapter, own_id: str = "") -> Written:
    """own_id: a generation of the reader's, for examples that work as they stand."""
    return _read(chapter, language(), own_id or SOME_ID)


# A reader's own number is in one chapter alone, and few read it at once.
@lru_cache(maxsize=128)
def _read(chapter: Chapter, language: str, own_id: str) -> Written:
    source = chapter.source(language).read_text(encoding="utf-8")
    engine = Engine(autoescape=False)
    return write(engine.from_string(source).render(Context(facts() | {"own_id": own_id}, autoescape=False)))


def all_read() -> list[tuple[Chapter, Written]]:
    """Every chapter in the active language, as somebody without works reads it."""
    return [(chapter, read(chapter)) for chapter in CHAPTERS]


def facts() -> dict[str, object]:
    """What the texts say in numbers and closed lists, so that they cannot say it wrongly."""
    return {
        "origin": settings.PUBLIC_URL,
        "places": settings.MAX_ACTIVE_GENERATIONS,
        "waiting": settings.MAX_WAITING_GENERATIONS,
        "patience_hours": settings.QUEUE_PATIENCE_SECONDS // 3600,
        "batch": settings.BATCH_MAX_ITEMS,
        "confirm_items": settings.BATCH_CONFIRM_ITEMS,
        "confirm_credits": settings.BATCH_CONFIRM_CREDITS,
        "upload_files": settings.UPLOAD_MAX_FILES,
        "upload_megabytes": settings.UPLOAD_MAX_BYTES // MEBIBYTE,
        "trash_days": settings.TRASH_DAYS,
        "export_hours": settings.EXPORT_HOURS,
        "rate": settings.RATE_LIMITS["api"].partition("/")[0],
        "failures": FAILURES,
        "refusals": refusals.plain(),
        "stages": [(stage.value, stage.label) for stage in Stage],
        "shortcuts": shortcuts.GROUPS,
    }
