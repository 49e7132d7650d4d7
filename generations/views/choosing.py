"""The list of models by what one wants to do, each with its price: in the composer, and as a page without scripts."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from generations import goals, picking
from generations.actions import pinning
from generations.views import composer
from generations.views.people import signed_in
from providers import catalogue


@never_cache
@signed_in
@require_GET
def models(request: HttpRequest, user: User) -> HttpResponse:
    """Asks for the person's own pins and pictures alone: what is on offer, and how it is doing, is remembered."""
    in_composer = bool(request.htmx)  # type: ignore[attr-defined]
    name = "generations/_picker.html" if in_composer else "generations/models.html"
    response = render(request, name, _context(user, request.GET, in_composer=in_composer))
    patch_vary_headers(response, ["HX-Request"])
    return response


@signed_in
@require_POST
def pin(request: HttpRequest, user: User) -> HttpResponse:
    """pin and unpin name a model; page is given by the page of its own. Answers the rows, or leads back to them."""
    if unwanted := request.POST.get("unpin"):
        pinning.unpin(user, unwanted)
    else:
        try:
            pinning.pin(user, request.POST.get("pin", ""))
        except catalogue.UnknownModel:
            raise Http404 from None
    context = _context(user, request.POST, in_composer="page" not in request.POST)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "generations/_picker_groups.html", context)
    asked = {"model": context["model"].id, "goal": context["goal"].name, **context["wanted"].asked}
    return redirect(f"{reverse('models')}?{urlencode(asked)}")


def _context(user: User, given: QueryDict, *, in_composer: bool) -> dict[str, Any]:
    """model, goal: what stands in the composer now."""
    chosen, wanted = composer.chosen_model(given.get("model", "")), picking.Wanted.read(given)
    goal = goals.goal_for(chosen, given.get("goal", ""))
    groups = picking.groups_of(user, composer.offered(), wanted, goal)
    return {
        "model": chosen,
        "goal": goal,
        "groups": groups,
        "wanted": wanted,
        "providers": picking.providers_in(groups),
        "prices": picking.PRICES,
        "times": picking.TIMES,
        "is_nothing": not any(group.is_wanted for group in groups),
        "in_composer": in_composer,
    }
