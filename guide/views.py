"""The pages of /docs/. Anybody may read them; who is signed in finds their own addresses in the examples."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.models import User
from generations import goals
from generations.models import Generation
from guide import chapters, finding, offers, reading
from providers import catalogue


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/home.html", _shelf())


@require_safe
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One chapter; the one about models lists them, too."""
    found = chapters.chapter(slug)
    if found is None:
        raise Http404
    context = _shelf(found) | {"written": reading.read(found, _own_id(request, found))}
    if slug == "models":
        offered = [offers.offer(model) for model in catalogue.all_models() if model.is_enabled]
        context["groups"] = offers.grouped(offered)
    return render(request, "guide/chapter.html", context)


@require_safe
def model(request: HttpRequest, model_id: str) -> HttpResponse:
    """One model, as its file has it."""
    try:
        found = catalogue.get(model_id)
    except catalogue.UnknownModel:
        raise Http404 from None
    context = {
        "offer": offers.offer(found),
        "is_available": catalogue.is_available(found),
        "goal": goals.goal_for(found) if goals.is_served(found) else None,
        "origin": settings.PUBLIC_URL,
    }
    return render(request, "guide/model.html", _shelf(chapters.chapter("models")) | context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Headings with all the words, as a page or as its list alone."""
    text = request.GET.get("q", "")[: finding.MAX_LENGTH]
    context = {"text": text, "found": finding.find(text)}
    in_page = bool(request.htmx)  # type: ignore[attr-defined]
    response = render(request, "guide/_found.html" if in_page else "guide/search.html", _shelf() | context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shelf(current: chapters.Chapter | None = None) -> dict[str, Any]:
    """All chapters with their titles, for the list beside every page."""
    return {"shelf": reading.all_read(), "current": current}


def _own_id(request: HttpRequest, found: chapters.Chapter) -> str:
    if found.slug != "api" or not isinstance(request.user, User):
        return ""
    newest = Generation.objects.for_user(request.user).newest_first().values_list("pk", flat=True).first()
    return str(newest or "")
