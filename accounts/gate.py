"""The operator's gate: away from loopback, staff show a second factor before it opens."""

from collections.abc import Callable
from typing import Any

from allauth.core.internal.httpkit import add_query_params
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts import rules, second_factor
from accounts.models import User


class SecondFactorMiddleware:
    """Before /admin/, /operator/ and /styleguide/, where the studio is not on loopback.

    Staff without a second factor are led to setting one up. A super admin's changes want it shown lately, too: before
    the form is opened, and again if it lay open for twice as long.
    """

    DOORS = ("/admin/", "/operator/", "/styleguide/")
    OPEN = ("/admin/logout/",)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        person = request.user
        if not request.path.startswith(self.DOORS) or request.path in self.OPEN or not isinstance(person, User):
            return None
        if not second_factor.is_demanded_of(person):
            return None
        shown_at = second_factor.shown_at(request, person)
        if shown_at is not None and second_factor.is_recent(shown_at, _patience(request, person)):
            return None
        page = "mfa_reauthenticate" if second_factor.is_set_up(person) else "mfa_activate_totp"
        # A form that was sent is not kept: it may hold a provider's token.
        return HttpResponseRedirect(add_query_params(reverse(page), {"next": request.get_full_path()}))


def _patience(request: HttpRequest, person: User) -> float:
    """For how many seconds the factor counts as shown, for this request."""
    fresh: float = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    if not rules.may_run_the_studio(person):
        return float("inf")
    if request.method == "POST":
        return 2 * fresh
    return fresh if request.path.endswith(("/add/", "/change/", "/delete/")) else float("inf")
