"""Archives: asked for from the library, listed on a page that stays live, fetched by their owner alone."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.models import User
from generations import feed
from generations.actions import exporting
from generations.models import Export
from generations.models.export import State
from generations.views import toasts
from generations.views.people import signed_in
from media_pipeline.serving import serve


def ask(request: HttpRequest, user: User, ids: list[UUID]) -> HttpResponse:
    """The page without a script; else the list of archives, which the socket keeps true, and a line where one looks."""
    export = exporting.request_export(user, ids)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("library-exports")
    toast = toasts.packing(len(export.generation_ids)) if export else None
    response = render(request, "library/_packing.html", feed.exports_context(user) | {"toast": toast})
    response["X-Live-Fragment"] = "1"
    return response


@never_cache
@signed_in
@require_GET
def exports(request: HttpRequest, user: User) -> HttpResponse:
    """The newest archives."""
    return render(request, "library/exports.html", feed.exports_context(user))


@signed_in
@require_safe
def export(request: HttpRequest, user: User, export_id: UUID) -> HttpResponseBase:
    """The archive itself."""
    found = get_object_or_404(Export.objects.for_user(user), pk=export_id, state=State.READY)
    response = serve(request, found.file)
    if response is None:
        raise Http404
    return response
