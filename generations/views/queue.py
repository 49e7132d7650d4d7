"""The queue: a page of its own, and the same as a drawer over any other; pausing it, and what cancelling costs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from generations import feed, jobs, paging, refusals
from generations.actions import cancelling, changing, fronting, pausing
from generations.models import Generation, Stage
from generations.views import refusing
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def queue(request: HttpRequest, user: User) -> HttpResponse:
    """The drawer's content for a page that opens it, else a page."""
    asked = jobs.Filter.of(request.GET.dict())
    try:
        page = jobs.page_of(user, asked, request.GET.get("cursor", ""))
    except paging.BadCursor:
        return redirect("queue")
    in_drawer = bool(request.htmx)  # type: ignore[attr-defined]
    if in_drawer and "cursor" in request.GET:
        name = "queue/_rows.html"
    else:
        name = "queue/_jobs.html" if in_drawer else "queue/queue.html"
    response = render(request, name, _context(user, asked, page) | {"in_drawer": in_drawer})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _context(user: User, asked: jobs.Filter, page: paging.Page[Generation]) -> dict[str, Any]:
    counts = jobs.counts_of(user, asked)
    return feed.line_context(user) | {
        "page": page,
        "asked": asked,
        "days": jobs.DAYS,
        "states": [(name, label, asked.query(state=name), counts[name]) for name, (label, _of) in jobs.STATES.items()],
        "kinds": jobs.KINDS.items(),
        "models": jobs.models_of(user),
    }


@signed_in
@require_POST
def pause(request: HttpRequest, user: User) -> HttpResponse:
    pausing.pause_line(user)
    return _line(request, user)


@signed_in
@require_POST
def resume(request: HttpRequest, user: User) -> HttpResponse:
    pausing.resume_line(user)
    return _line(request, user)


@signed_in
@require_POST
def front(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    generation = get_object_or_404(Generation.objects.for_user(user), pk=generation_id)
    try:
        fronting.move_to_front(generation)
    except fronting.NotInLine as error:
        return refusing.page(request, refusals.refusal_of(error))
    return _line(request, user)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def cancel_all(request: HttpRequest, user: User) -> HttpResponse:
    """GET says what it would cost; POST does it, to what waits or to everything."""
    if request.method == "GET":
        return cancel_preview(request, Generation.objects.for_user(user))
    stages = (Stage.QUEUED,) if request.POST.get("what") == "waiting" else (Stage.QUEUED, *cancelling.AT_A_PROVIDER)
    count = cancelling.cancel_all(user, stages=stages)
    if not request.htmx:  # type: ignore[attr-defined]
        text = ngettext(
            "%(count)d generation was cancelled or is being cancelled.",
            "%(count)d generations were cancelled or are being cancelled.",
            count,
        )
        messages.success(request, text % {"count": count})
    return _line(request, user)


def cancel_preview(request: HttpRequest, rows: Any, generation: Generation | None = None) -> HttpResponse:
    """What would come back and what may still be charged; of one generation or of several."""
    preview = cancelling.preview(rows)
    if generation is not None and not preview.total:
        return refusing.page(request, refusals.refusal_of(changing.NotCancellable()))
    in_dialog = bool(request.htmx)  # type: ignore[attr-defined]
    name = "queue/_cancel.html" if in_dialog else "queue/cancel.html"
    context = {"preview": preview, "generation": generation, "in_dialog": in_dialog}
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _line(request: HttpRequest, user: User) -> HttpResponse:
    """How the line stands now; the rows themselves come by the socket."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("queue")
    user.refresh_from_db(fields=["seq", "paused_at"])
    response = render(request, "queue/_line.html", feed.line_context(user))
    response["X-Live-Fragment"] = "1"
    return response
