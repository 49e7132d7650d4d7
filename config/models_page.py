"""The catalogue as admins see it: each model, its routes, and why it cannot be chosen. Read-only, from the files."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from generations.formats import credits_text
from providers import catalogue, registry, status
from providers.catalogue import Model
from providers.pool import overview

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """reasons: why it, or one of its routes, cannot be had now; none when all is well."""

    model: Model
    price: str
    is_available: bool
    reasons: list[str | Promise]


@admin.site.admin_view
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """For admins: the admin's own door is asked first."""
    page = Paginator(catalogue.all_models(), PAGE_SIZE).get_page(request.GET.get("p"))
    states = {one.name: one for one in status.describe()}
    paused = {(provider, endpoint) for provider, endpoint, _until in overview.paused_endpoints()}
    context = {
        **admin.site.each_context(request),
        "title": _("Models"),
        "page": page,
        "rows": [_row(model, states, paused) for model in page],
    }
    return render(request, "admin/models.html", context)


def _row(model: Model, states: dict[str, status.ProviderStatus], paused: set[tuple[str, str]]) -> Row:
    reasons: list[str | Promise] = [] if model.is_enabled else [_("It is switched off in its file.")]
    for provider in dict.fromkeys(route.provider for route in model.routes):
        if provider not in registry.ADAPTERS:
            reasons.append(format_lazy(_("{provider} is no provider here."), provider=provider))
        elif states[provider].mode == "off":
            reasons.append(format_lazy("{provider}: {reason}", provider=provider, reason=states[provider].reason))
    reasons += [
        format_lazy(
            _("{endpoint} has been failing: nothing is sent there for a while."),
            endpoint=f"{route.provider} {route.endpoint}",
        )
        for route in model.routes
        if (route.provider, route.endpoint) in paused
    ]
    price = f"{credits_text(model.price.millicredits)} / {model.price.unit}"
    return Row(model=model, price=price, is_available=catalogue.is_available(model), reasons=reasons)
