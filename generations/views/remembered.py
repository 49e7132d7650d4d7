"""Lists of what was written, brought and made before: over the composer, and as pages without scripts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import paging, remembered
from generations.views import composer
from generations.views.people import signed_in

PAGE_SIZE = 24
MAX_TEXT = 200


@never_cache
@signed_in
@require_GET
def prompts(request: HttpRequest, user: User) -> HttpResponse:
    """One's last distinct prompts; q narrows them."""
    text = request.GET.get("q", "")[:MAX_TEXT]
    try:
        page = remembered.prompts(user, text, request.GET.get("cursor", ""), PAGE_SIZE)
    except paging.BadCursor:
        return redirect("prompts")
    return _list(request, "prompts", {"page": page, "text": text})


@never_cache
@signed_in
@require_GET
def uploads(request: HttpRequest, user: User) -> HttpResponse:
    """One's last files of a kind, for the tray of a slot."""
    kind = _kind(request)
    try:
        page = remembered.uploads(user, kind, request.GET.get("cursor", ""), PAGE_SIZE)
    except paging.BadCursor:
        return redirect("uploads")
    return _list(request, "uploads", {"page": page, "kind": kind, "slot": request.GET.get("slot", "")})


@never_cache
@signed_in
@require_GET
def works(request: HttpRequest, user: User) -> HttpResponse:
    """One's last works of a kind, for the tray of a slot; q searches them as the library is searched."""
    kind, text = _kind(request), request.GET.get("q", "")[:MAX_TEXT]
    try:
        page = remembered.works(user, kind, text, request.GET.get("cursor", ""), PAGE_SIZE)
    except paging.BadCursor:
        return redirect("works")
    found = {"page": page, "kind": kind, "text": text, "slot": request.GET.get("slot", "")}
    return _list(request, "works", found)


def _kind(request: HttpRequest) -> str:
    """What the slot takes."""
    return "video" if request.GET.get("kind") == "video" else "image"


def _list(request: HttpRequest, name: str, found: dict[str, Any]) -> HttpResponse:
    """The page of all of it, what stands over the composer, or further rows of that."""
    model = composer.chosen_model(request.GET.get("model", ""))
    context = {"model": model, "goal": request.GET.get("goal", ""), **found}
    template = f"remembered/{name}.html"
    if request.htmx:  # type: ignore[attr-defined]
        is_rest = "cursor" in request.GET or "q" in request.GET
        template = f"remembered/_{name}.html" if is_rest else f"remembered/_{name}_panel.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
