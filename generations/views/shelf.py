"""The library: one page, the months and tiles it fetches while one scrolls, and the trash."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import paging, refusals
from generations.library import facets, finding, loosening, months
from generations.library.finding import Found
from generations.library.search import Search
from generations.models import Item
from generations.views import refusing
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def shelf(request: HttpRequest, user: User) -> HttpResponse:
    """What was found, newest first. A cursor shows one page of it without any script."""
    # "All of them" means what is counted here, and not what comes meanwhile.
    until = timezone.now().isoformat()
    search = Search(request.GET.get("q", ""))
    found = finding.find(user, search)
    try:
        shown = _shown(request.GET.get("cursor", ""), found)
    except paging.BadCursor:
        return redirect("library")
    return render(request, "library/library.html", _context(user, search, found) | shown | {"until": until})


def _shown(cursor: str, found: Found) -> dict[str, Any]:
    if cursor:
        page = paging.page(found.rows.with_files(), cursor, months.CHUNK)
        return {"months": months.grouped(page.rows), "older": page.next_cursor}
    opened = months.opened(found.rows, found.counts.months)
    filled = [month for month in opened if month.rows]
    is_all = not any(month.more for month in opened)
    return {"months": opened, "older": None if is_all or not filled else filled[-1].cursor, "is_whole": True}


def _context(user: User, search: Search, found: Found) -> dict[str, Any]:
    shortcuts = facets.shortcuts(search, user)
    return {
        "search": search,
        "found": found,
        "facets": facets.groups(search, found.counts),
        "chips": list(search.chips()),
        "shortcuts": shortcuts,
        "known_names": facets.known_names(found.counts, shortcuts),
        "ways_on": [] if found.counts.total else loosening.ways_on(user, search),
    }


@never_cache
@signed_in
@require_GET
def month(request: HttpRequest, user: User, month: date) -> HttpResponse:
    """The chunks that are left of a month."""
    return _fragment(request, user, "library/_chunks.html", month)


@never_cache
@signed_in
@require_GET
def tiles(request: HttpRequest, user: User, month: date) -> HttpResponse:
    """One chunk's tiles."""
    return _fragment(request, user, "library/_tiles.html", month)


def _fragment(request: HttpRequest, user: User, template: str, month: date) -> HttpResponse:
    search, cursor = Search(request.GET.get("q", "")), request.GET.get("cursor", "")
    is_similar = request.GET.get("similar") == "1"
    rows = finding.select(user, search, is_similar=is_similar)
    context: dict[str, Any] = {"search": search, "month": month, "is_similar": is_similar}
    try:
        if template == "library/_chunks.html":
            chunks = months.chunks(rows, month, cursor, _number(request, "count"))
            context["chunks"] = chunks
            # Where the person looks, in ten thousandths of what is left of the month.
            if chunks and "at" in request.GET:
                months.fill(rows, month, chunks, _number(request, "at") / 10_000)
        else:
            context["rows"] = months.tiles(rows, month, cursor)
    except paging.BadCursor as error:
        return refusing.page(request, refusals.refusal_of(error))
    return render(request, template, context)


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0  # noqa: PLR2004


@never_cache
@signed_in
@require_GET
def trash(request: HttpRequest, user: User) -> HttpResponse:
    """What was put away and can be had back."""
    rows = Item.objects.for_user(user).trashed().with_files()
    try:
        page = paging.page(rows, request.GET.get("cursor", ""), months.CHUNK)
    except paging.BadCursor:
        return redirect("library-trash")
    return render(request, "library/trash.html", {"page": page, "days": settings.TRASH_DAYS})
