"""What a socket sends: the page's own partials for what changed since the page's cursor.

Rows are read through for_user, in the person's language, without request, CSRF token or nonce.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string

from accounts.models import User
from generations import jobs
from generations.before_after import comparison_of
from generations.context import Shell
from generations.lineage import lineage_of
from generations.models import Event, Export, Generation, Item
from generations.places import limit_of, line_of, places_of
from generations.recipes import recipes_of
from generations.templatetags.studio import stage_words

BATCH = 50
# What one socket may have unread. A batch ends before it, so that a page which reads nothing costs no more.
BATCH_BYTES = 256 * 1024
# The frame around the fragments, and the line for screen readers.
FRAME_BYTES = 2048
EXPORTS_SHOWN = 5
DAY_SECONDS = 86_400
PAGES = ("create", "history", "library", "result", "queue", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Which page a socket belongs to; the server picks the partials by it. has_jobs: the queue is open over it.

    asked: which kind and model that queue is narrowed to; its states are counted by it.
    """

    kind: str = "other"
    has_jobs: bool = False
    asked: jobs.Filter = field(default_factory=jobs.Filter)
    result_id: UUID | None = None
    language: str = "en"


def read(user_id: int, cursor: int, page: Page) -> dict[str, Any] | None:
    """The next batch after the cursor as a JSON-ready frame; None when the page is up to date."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or cursor > user.seq or cursor < 0:
        return {"reset": True}
    if cursor == user.seq:
        return None
    found = Generation.objects.for_user(user).changed_since(cursor).with_outputs()
    rows = list((found.prefetch_related(jobs.events()) if page.has_jobs else found)[:BATCH])
    with translation.override(page.language):
        fragments = _of_person(user, cursor, page)
        told = _tell(rows, user, page, fragments)
        say = _say(rows[:told])
    # Everything up to the last row told is told; with all of less than a batch that is everything there is.
    reached = user.seq if told == len(rows) < BATCH else rows[told - 1].change_seq
    frame = {"cursor": reached, "fragments": fragments, "say": say}
    return frame | ({"jobs": True} if page.has_jobs else {})


def encode(frame: dict[str, Any]) -> str:
    """As it goes over the wire: Russian letters as themselves, which is a third of their escapes."""
    return json.dumps(frame, ensure_ascii=False)


def _tell(rows: list[Generation], user: User, page: Page, fragments: list[dict[str, Any]]) -> int:
    """Adds the rows' fragments as far as they fit, and one row in any case; how many rows that were."""
    room = BATCH_BYTES - FRAME_BYTES - _weight(fragments)
    for told, row in enumerate(rows):
        parts = _of_row(row, user, page)
        room -= _weight(parts)
        if room < 0 and told:
            return told
        fragments += parts
    return len(rows)


def _weight(fragments: list[dict[str, Any]]) -> int:
    return sum(len(encode(fragment).encode()) + 2 for fragment in fragments)


def _of_person(user: User, cursor: int, page: Page) -> list[dict[str, Any]]:
    shell = {"shell": Shell(user), "user": user}
    others = (import_string(path)(user, cursor) for path in settings.LIVE_FRAGMENTS)
    fragments = [
        _fragment("queue", "generations/_queue.html", shell),
        _fragment("credits", "generations/_credits.html", shell),
        *(fragment for fragment in others if fragment),
    ]
    if page.kind == "create":
        fragments.append(_fragment("places", "generations/_places.html", {"places": places_of(user), **shell}))
    if page.kind == "library":
        fragments.append(_fragment("exports", "library/_exports.html", exports_context(user)))
    if page.has_jobs:
        fragments.append(_fragment("line", "queue/_line.html", line_context(user)))
        fragments.append(_fragment("jobs-counts", "queue/_counts.html", {"counts": jobs.counts_of(user, page.asked)}))
    return fragments


def _of_row(row: Generation, user: User, page: Page) -> list[dict[str, Any]]:
    fragments = []
    if page.has_jobs:
        job = _fragment(f"job-{row.pk}", "queue/_job.html", {"generation": row})
        fragments.append({**job, "list": True})
    if page.kind in {"create", "history"}:
        card = _fragment(f"generation-{row.pk}", "generations/_card.html", {"generation": row})
        fragments.append({**card, "list": page.kind == "create"})
    elif page.kind == "result" and row.pk == page.result_id:
        fragments.append(_fragment("result", "generations/_result.html", result_context(row, user)))
    return fragments


def result_context(generation: Generation, user: User) -> dict[str, Any]:
    """What the result page shows; attempts only to those who run the studio."""
    return {
        "generation": generation,
        "item": marked(generation),
        "recipe": recipes_of([generation])[0],
        "lineage": lineage_of(generation, user),
        "comparison": comparison_of(generation),
        "events": Event.objects.filter(generation=generation).order_by("id"),
        "attempts": generation.attempts.order_by("number") if user.is_staff else [],
    }


def marked(generation: Generation) -> Item | None:
    """What its person made of it; None while there is no file."""
    rows = Item.objects.filter(pk=generation.pk).defer("words", "prompt").with_names()
    return rows.first() if generation.assets else None


def line_context(user: User) -> dict[str, Any]:
    """How full the person's line is and whether it moves."""
    days = max(1, round(settings.PAUSE_PATIENCE_SECONDS / DAY_SECONDS))
    return {"line": line_of(user), "paused_at": user.paused_at, "pause_days": days, "limit": limit_of(user)}


def exports_context(user: User) -> dict[str, Any]:
    """The newest archives, which a page of the library lists."""
    rows = Export.objects.for_user(user).order_by("-created_at")[:EXPORTS_SHOWN]
    return {"exports": rows, "hours": settings.EXPORT_HOURS}


def _fragment(element_id: str, template: str, context: dict[str, Any]) -> dict[str, Any]:
    return {"id": element_id, "html": render_to_string(template, context), "list": False}


def _say(rows: list[Generation]) -> str:
    """One line for a screen reader: the newest change in words."""
    if not rows:
        return ""
    newest = rows[-1]
    # Some models take no words.
    words = (newest.prompt.splitlines() or [newest.model_name])[0]
    return f"{words[:60]}: {stage_words(newest)}"
