"""Who is asking: a session or a personal API key."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiKey, User
from accounts.permissions import scope_of
from accounts.scopes import Scope

MINUTE = timedelta(minutes=1)
BEARER = re.compile(r"(?i:Bearer) ([\x21-\x7e]{1,200})")


class KeyRefused(AuthenticationFailed):
    default_detail = _("This API key is not known or was revoked. Nothing was done. Issue a new key and send it again.")
    default_code = "api_key_refused"


def key_of(header: str) -> ApiKey | None:
    """The live key named by an Authorization header, or None."""
    match = BEARER.fullmatch(header)
    if not match:
        return None
    return ApiKey.objects.opened_by(match[1])


def reader_of(request: HttpRequest) -> User | None:
    """The signed-in person, else the owner of the request's API key if it may read, else None."""
    if isinstance(request.user, User):
        return request.user
    key = key_of(request.headers.get("Authorization", ""))
    return key.user if key and key.may(Scope.READ) else None


def _remember_use(key: ApiKey) -> None:
    """At most one write a minute a key: the column answers "is it still in use", nothing finer."""
    unused = Q(last_used_at__isnull=True) | Q(last_used_at__lt=Now() - MINUTE)
    ApiKey.objects.filter(unused, pk=key.pk).update(last_used_at=Now())


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`. Another scheme is left to the next class."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        header = request.headers.get("Authorization", "")
        if header.partition(" ")[0].lower() != "bearer":
            return None
        key = key_of(header)
        if key is None:
            raise KeyRefused
        if key.last_used_at is None or key.last_used_at < timezone.now() - MINUTE:
            _remember_use(key)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class PersonSession(SessionAuthentication):
    """The browser's session, CSRF included."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = getattr(request._request, "user", AnonymousUser())
        if not isinstance(user, User) or not user.is_active:
            return None
        self.enforce_csrf(request)
        return user, None


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """With the scope, which OpenAPI 3.1 takes in the place of a role."""
        return {self.name: [scope_of(auto_schema.view, auto_schema.method).value]}


class PersonSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.PersonSession"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
