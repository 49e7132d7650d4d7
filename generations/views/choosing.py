"""The list of models by what one wants to do, each with its price: in the composer, and as a page without scripts."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import goals, quotes
from generations.views import composer
from generations.views.people import signed_in
from providers.catalogue import Model


@dataclass(frozen=True, slots=True)
class Row:
    """A model and what it costs as it is set at first."""

    model: Model
    quote: quotes.Quote


@signed_in
@require_GET
def models(request: HttpRequest, _user: User) -> HttpResponse:
    """Asks the database for nothing: what is on offer is remembered."""
    rows = {model.id: Row(model, quotes.quote(model, model.clean({}))) for model in composer.offered()}
    chosen = composer.chosen_model(request.GET.get("model", ""))
    context = {
        "model": chosen,
        "goal": goals.goal_for(chosen, request.GET.get("goal", "")),
        "groups": [
            (goal, [rows[one.id] for one in found]) for goal, found in goals.by_goal(row.model for row in rows.values())
        ],
    }
    in_composer = bool(request.htmx)  # type: ignore[attr-defined]
    name = "generations/_picker.html" if in_composer else "generations/models.html"
    response = render(request, name, context | {"in_composer": in_composer})
    patch_vary_headers(response, ["HX-Request"])
    return response
