"""What a person wrote, brought and made before, to be taken again: prompts, files and works, newest first."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import MD5
from django.utils import timezone

from accounts.models import User
from generations import paging
from generations.library import finding
from generations.library.search import Search
from generations.models import Generation, Input, Item
from media_pipeline.models import Asset

# Generations that one page of prompts looks at, so that neither a rare word nor the same words ten thousand times
# make it slow. A page may hold fewer rows, and lead on all the same.
WINDOW = 1000
MAX_WORDS = 8
NEWEST_FIRST = ("-created_at", "-pk")


def prompts(user: User, text: str, cursor: str, size: int) -> paging.Page[Generation]:
    """The newest generation of each prompt that holds all the words, in any order. Raises paging.BadCursor.

    Which one is the newest is one look into an index (generation_prompt) for each row.
    """
    hers = paging.after(Generation.objects.for_user(user), cursor)
    window = hers.order_by(*NEWEST_FIRST)[:WINDOW].aggregate(count=Count("pk"), end=Min("created_at"))
    rows = hers.filter(created_at__gte=window["end"] or timezone.now()).exclude(prompt="")
    for word in text.replace("\0", " ").split()[:MAX_WORDS]:
        rows = rows.filter(prompt__icontains=word)
    rows = rows.alias(newest=Subquery(_same(user).values("pk")[:1])).filter(pk=F("newest"))
    found = list(rows.only("id", "created_at", "prompt", "model_name").order_by(*NEWEST_FIRST)[: size + 1])
    if len(found) > size:
        return paging.Page(found[:size], paging.cursor_of(found[size - 1]))
    # All of the oldest moment were looked at, also those of its batch that were beyond the window.
    oldest = paging.encode(window["end"], UUID(int=0)) if window["count"] == WINDOW else None
    return paging.Page(found, oldest)


def _same(user: User) -> QuerySet[Any, Any]:
    """All that the person asked for with the words of the row around it, the newest first."""
    rows = Generation.objects.for_user(user).alias(digest=MD5("prompt"))
    return rows.filter(digest=MD5(OuterRef("prompt"))).order_by(*NEWEST_FIRST)


def uploads(user: User, kind: str, cursor: str, size: int) -> paging.Page[Asset]:
    """Files of the kind, "image" or "video", that the person brought. Masks were drawn for one picture only.

    Raises paging.BadCursor.
    """
    rows = Asset.objects.for_user(user).filter(is_upload=True, content_type__startswith=f"{kind}/")
    masks = Input.objects.filter(asset=OuterRef("pk"), slot="mask")
    return paging.page(rows.exclude(Exists(masks)), cursor, size)


def works(user: User, kind: str, text: str, cursor: str, size: int) -> paging.Page[Item]:
    """Works of the kind outside the trash, with their files; the text is a search as in the library.

    Words that nobody used, as those that are still being typed, find words like them. Raises paging.BadCursor.
    """
    search = Search(text)
    rows = finding.select(user, search).filter(kind=kind)
    found = paging.page(rows.with_files(), cursor, size)
    if found.rows or not search.wanted_words:
        return found
    similar = finding.select(user, search, is_similar=True).filter(kind=kind)
    return paging.page(similar.with_files(), cursor, size)
