"""How often one may knock where people sign in. allauth counts and refuses; here its answers get status and headers.

Its windows slide: a place comes free when the oldest knock in it is old enough. It counts in the database, so that
the doors hold without Redis, too.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.limits import Usage
from accounts.models import User

APP = "allauth.account"
TOO_MANY = 429
# By the name of the address: which of ACCOUNT_RATE_LIMITS apply there.
ACTIONS = {
    "account_login": ("login", "login_failed"),
    "account_signup": ("signup",),
    "account_reset_password": ("reset_password",),
    "account_reset_password_from_key": ("reset_password_from_key",),
    "account_change_password": ("change_password",),
    "account_email": ("manage_email",),
    "account_reauthenticate": ("reauthenticate", "login_failed"),
    "mfa_authenticate": ("login_failed",),
    "mfa_reauthenticate": ("reauthenticate", "login_failed"),
    "mfa_activate_totp": ("login_failed",),
}
# How allauth's forms say it, instead of refusing the request.
SAID_BY_FORMS = {"too_many_login_attempts", "rate_limited"}


class SignInRatesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name in ACTIONS:
            for name, value in _tightest(request, match.url_name, response.status_code == TOO_MANY).items():
                response.headers.setdefault(name, value)
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """A form that says "too often" is a refusal like any other."""
        form = (response.context_data or {}).get("form")
        lists = form.errors.as_data().values() if form is not None and form.is_bound else ()
        if SAID_BY_FORMS & {error.code for errors in lists for error in errors}:
            response.status_code = TOO_MANY
        return response


def _tightest(request: HttpRequest, door: str, was_refused: bool) -> dict[str, str]:  # noqa: FBT001
    """Of the rates at this door the one that refuses longest, else the one with the least left; as headers."""
    usages = list(_usages(request, door))
    tightest = min(usages, key=lambda one: (one.remaining, -one.reset_seconds), default=None)
    return replace(tightest, is_exceeded=was_refused).headers if tightest else {}


def _usages(request: HttpRequest, door: str) -> Iterator[Usage]:
    now, person = time.time(), _person(request)
    for action in ACTIONS[door]:
        for rate in ratelimit.get_rates(app=APP, action=action):
            if rate.per == "user" and person is None:
                continue
            key = _key(request, door, person) if rate.per == "key" else None
            name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key, user=person)
            _allowed, knocks = ratelimit.apply_rate(cache.get(name, []), now, rate, dry_run=True)
            wait = knocks[-1] + rate.duration - now if knocks else rate.duration
            remaining = max(0, rate.amount - len(knocks))
            yield Usage(rate.amount, remaining, max(1, round(wait)), is_exceeded=False)


def _person(request: HttpRequest) -> User | None:
    """Signed in, or half so: whose password was right and whose code is being asked for."""
    stage = getattr(request, "_login_stage", None)
    person = stage.login.user if stage else request.user
    return person if isinstance(person, User) else None


def _key(request: HttpRequest, door: str, person: User | None) -> str:
    """What allauth counts by beside address and person: the account that is tried."""
    if door == "account_reset_password":
        return request.POST.get("email", "").strip().lower()
    if door.startswith("mfa_") and person:
        return f"mfa-auth-user-{person.pk}"
    email = person.email if person else request.POST.get("login", "").strip()
    return str(get_adapter()._get_login_attempts_cache_key(request, email=email))
