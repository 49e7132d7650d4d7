"""One picture over the whole screen, with its neighbours in the search one came from."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import feed
from generations.library import finding
from generations.library.neighbours import beside
from generations.library.search import Search
from generations.views.library import opened
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def viewer(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    """A fragment for the sheet over another page; by itself the result page, over which the sheet is opened."""
    generation = opened(user, generation_id)
    if not generation.assets:
        return redirect("result", generation_id=generation.pk)
    search, is_similar = Search(request.GET.get("q", "")), request.GET.get("similar") == "1"
    rows = finding.select(user, search, is_similar=is_similar)
    context = {
        "generation": generation,
        "item": feed.marked(generation),
        "beside": beside(rows, generation),
        "query": urlencode({"q": search.text} | ({"similar": 1} if is_similar else {})) if search.text else "",
    }
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "generations/_lightbox.html", context)
    else:
        response = render(request, "generations/view.html", context | feed.result_context(generation, user))
    patch_vary_headers(response, ["HX-Request"])
    return response
