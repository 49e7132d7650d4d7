"""The operator's page: which providers are on, whether webhooks can arrive, what is running."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import rules
from accounts.models import User
from generations.models import Delivery, Generation, Heartbeat, LedgerCheck
from generations.views.people import signed_in
from notifications.telegram.steps import setting_up
from providers import status
from providers.pool import overview

PROCESSES = ("worker", "media", "pulse", "beat")
# A night that was missed is no alarm, two are.
CHECK_KEEPS = timedelta(hours=50)


@never_cache
@signed_in
@require_safe
def operator(request: HttpRequest, user: User) -> HttpResponse:
    """For admins; for everybody else it does not exist."""
    if not rules.may_enter_admin(user):
        raise Http404
    providers = status.describe()
    context = {
        "providers": providers,
        "tokens": overview.every_token(),
        "paused_endpoints": overview.paused_endpoints(),
        "webhook_ways": status.webhook_ways(providers),
        "telegram": setting_up.state(),
        "processes": processes(),
        "queue_numbers": queue_numbers(),
        "ledger": ledger(),
        "public_url": settings.PUBLIC_URL,
    }
    return render(request, "operator.html", context)


def processes() -> list[dict[str, Any]]:
    beats = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    fresh = set(Heartbeat.objects.fresh().values_list("name", flat=True))
    return [{"name": name, "beaten_at": beats.get(name), "fresh": name in fresh} for name in PROCESSES]


def queue_numbers() -> dict[str, int]:
    """Open generations by stage, and webhooks not yet applied."""
    stages = Generation.objects.open().values_list("stage").annotate(count=Count("pk"))
    return {**dict(stages), "inbox": Delivery.objects.filter(processed_at__isnull=True).count()}


def ledger() -> dict[str, Any]:
    """When the ledger was last checked, whether that was lately, and what did not hold."""
    last = LedgerCheck.objects.the_one()
    if last is None:
        return {"checked_at": None}
    return {
        "checked_at": last.checked_at,
        "fresh": last.checked_at > timezone.now() - CHECK_KEEPS,
        "total": last.total,
        "broken": [{**one, "promise": gettext(one["promise"])} for one in last.broken],
    }
