"""The strip of earlier tries below the editor, for the picture that is in the composer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import staging, trays
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def strip(request: HttpRequest, user: User) -> HttpResponse:
    """Empty where there is nothing to choose from."""
    given = trays.named(request.GET).get(staging.SLOT, [])
    context = {
        "strip": staging.strip_of(user, given[0] if given else None),
        "goal_name": request.GET.get("goal", ""),
        "model_id": request.GET.get("model", ""),
    }
    return render(request, "generations/_staging.html", context)
