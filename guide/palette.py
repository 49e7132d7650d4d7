"""The palette, which goes anywhere, and the list of shortcuts: dialogs over any page, and pages of their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from generations.views.people import signed_in
from guide import finding, places, shortcuts


@never_cache
@signed_in
@require_safe
def palette(request: HttpRequest, user: User) -> HttpResponse:
    """What fits the words: options of the dialog's list, or a page with the same links."""
    text = request.GET.get("q", "")[: finding.MAX_LENGTH]
    is_dialog = bool(request.htmx)  # type: ignore[attr-defined]
    context = {"text": text, "groups": places.groups(user, text), "is_dialog": is_dialog}
    response = render(request, "guide/_places.html" if is_dialog else "guide/palette.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def list_shortcuts(request: HttpRequest) -> HttpResponse:
    """For the dialog; as a page it is a chapter of the guide."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("docs-page", slug="keyboard")
    response = render(request, "guide/_shortcuts.html", {"groups": shortcuts.GROUPS})
    patch_vary_headers(response, ["HX-Request"])
    return response
