"""The page where a person says what they want to be told, how, and when not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from generations.views.people import signed_in
from notifications import actions, quiet, wishes
from notifications.channels import registry
from notifications.forms import WishesForm
from notifications.models import Kind

IN_PAGE = (
    (wishes.BELL, gettext_lazy("Bell")),
    (wishes.DESKTOP, gettext_lazy("Desktop")),
    (wishes.SOUND, gettext_lazy("Sound")),
)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def wanted(request: HttpRequest, user: User) -> HttpResponse:
    """A wrong form is shown again with what is wrong; nothing of it is kept."""
    preference = wishes.preference_of(user)
    form = WishesForm(user, preference, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.keep_wishes(user, form.choice, form.quiet_hours, form.cleaned_data["time_zone"])
        messages.success(request, _("Saved."))
        return redirect("notification-wishes")
    context = {"form": form, "zones": quiet.zones(), **matrix(form)}
    return render(request, "notifications/wishes.html", context, status=422 if form.is_bound else 200)


def matrix(form: WishesForm) -> dict[str, Any]:
    """Heads and rows of the table: kinds down, ways across."""
    channels = registry.channels().values()
    ways: list[tuple[str, Any, bool]] = [(name, label, True) for name, label in IN_PAGE]
    ways += [(one.name, one.label, one.name in form.ways) for one in channels]
    said = wishes.merged(form.preference, form.choice) if form.is_bound else None
    rows = []
    for kind in Kind:
        on = wishes.wanted(form.preference, kind) if said is None else said[kind]
        rows.append((kind, [(name, label, can, name in on) for name, label, can in ways]))
    return {"ways": ways, "rows": rows, "panels": [one.panel for one in channels if one.panel], "person": form.person}
