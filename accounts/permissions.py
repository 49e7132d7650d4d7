"""The door of every call: a key is let in where its scopes reach. What they mean stands in accounts.scopes."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey
from accounts.scopes import Scope, needed_for


class ScopeMissing(PermissionDenied):
    def __init__(self, scope: Scope) -> None:
        sentence = _("This API key lacks the scope “%(scope)s”. Nothing was done or charged. Send a key that has it.")
        super().__init__(sentence % {"scope": scope.value}, "key_scope")


def scope_of(view: object, method: str) -> Scope:
    """What a key needs here: what the view names as its `scope`, else what the method says."""
    named: Scope | None = getattr(view, "scope", None)
    return named or needed_for(method)


class KeyHasScope(BasePermission):
    """Stands behind IsAuthenticated. Asks nobody: the key came with its scopes. A session has no key and passes."""

    def has_permission(self, request: Request, view: object) -> bool:
        scope = scope_of(view, request.method or "")
        if isinstance(request.auth, ApiKey) and not request.auth.may(scope):
            raise ScopeMissing(scope)
        return True
