"""The list of models by what one wants to do, each with its price: in the composer, and as a page without scripts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import goals, picking
from generations.views import composer
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def models(request: HttpRequest, user: User) -> HttpResponse:
    """Asks the database for the person's own pictures alone: what is on offer, and how it is, is remembered."""
    chosen = composer.chosen_model(request.GET.get("model", ""))
    wanted = picking.Wanted.read(request.GET)
    groups = picking.groups_of(user, composer.offered(), wanted)
    in_composer = bool(request.htmx)  # type: ignore[attr-defined]
    context = {
        "model": chosen,
        "goal": goals.goal_for(chosen, request.GET.get("goal", "")),
        "groups": groups,
        "wanted": wanted,
        "providers": picking.providers_in(groups),
        "prices": picking.PRICES,
        "times": picking.TIMES,
        "is_nothing": not any(group.is_wanted for group in groups),
        "in_composer": in_composer,
    }
    response = render(request, "generations/_picker.html" if in_composer else "generations/models.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
