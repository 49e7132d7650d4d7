"""A person's language, theme and second factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import second_factor
from accounts.models import User

YEAR_SECONDS = 31_536_000
THEMES = ("system", "dark", "light")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembered in a cookie, and with the person when signed in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return _back(request)
    _remember(request, "language", language)
    return _with_cookie(_back(request), settings.LANGUAGE_COOKIE_NAME, language)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return _back(request)
    _remember(request, "theme", theme)
    return _with_cookie(_back(request), "theme", theme)


def _remember(request: HttpRequest, field: str, value: str) -> None:
    if isinstance(request.user, User):
        setattr(request.user, field, value)
        request.user.save(update_fields=[field])


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _with_cookie(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SECURE_SSL)
    return response


class ActivateTotp(ActivateTOTPView):
    """allauth's page; who has just typed a right code has shown the factor and is not asked for it again."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        row = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        record_authentication(self.request, row.user, "mfa", id=row.pk, type=row.type, reauthenticated=True)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        is_demanded = isinstance(person, User) and second_factor.is_demanded_of(person)
        return {**super().get_context_data(**kwargs), "is_demanded": is_demanded}
