"""One shape for every error of the API: {"error": sentence, "code": machine_code, "fields": {…}}."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.permissions import ScopeMissing
from generations import refusals


class TooOften(exceptions.APIException):
    """More requests than the rate allows; carries its headers."""

    status_code = 429

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


class BadKey(exceptions.APIException):
    """An Idempotency-Key that is empty, too long or not visible ASCII."""

    status_code = 400


class LengthRequired(exceptions.APIException):
    """A chunked body: WSGI has no length for it, so it would read as empty."""

    status_code = 411


class BadFields(exceptions.APIException):
    """Something named cannot be understood; fields: name → sentence."""

    status_code = 400

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__()
        self.fields = fields


class BadQuery(BadFields):
    """Parameters of the address."""


class BadBody(BadFields):
    """The JSON is not the object this call takes."""


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. An unknown exception stays a bug and becomes a 500."""
    set_rollback()
    if isinstance(error, refusals.EXPECTED):
        refusal = refusals.refusal_of(error)
        headers = {"Retry-After": refusals.RETRY_AFTER} if refusal.is_for_now else {}
        return answer(refusal.status, refusal.code, refusal.sentence, dict(refusal.fields), headers)
    if isinstance(error, Http404):
        return answer(404, "not_found", _("There is nothing here. It may have been deleted, or it is not yours."))
    if isinstance(error, PermissionDenied):
        return answer(403, "forbidden", _("You may not do this. Nothing was changed."))
    if isinstance(error, RequestDataTooBig):
        return answer(413, "too_large", _("The request is larger than allowed. Nothing was charged. Send less."))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> Response:
    table: dict[type[exceptions.APIException], tuple[str, str]] = {
        TooOften: ("rate_limited", _("Too many requests. Nothing was charged. Wait a moment and send again.")),
        BadKey: (
            "bad_idempotency_key",
            _("An Idempotency-Key is 1 to 255 visible ASCII characters. Nothing was charged."),
        ),
        BadBody: (
            "invalid_request",
            _("The request cannot be understood. Nothing was charged. Correct the named fields."),
        ),
        BadQuery: (
            "bad_query",
            _("The address of the request cannot be understood. Correct the named parameters and ask again."),
        ),
        LengthRequired: ("length_required", _("Send the body with a Content-Length. Nothing was charged.")),
        exceptions.ParseError: (
            "invalid_json",
            _("%(reason)s Nothing was charged. Correct the body and send it again.") % {"reason": error.detail},
        ),
        exceptions.NotAuthenticated: (
            "not_authenticated",
            _("Sign in or send a personal API key. Nothing was done."),
        ),
        exceptions.AuthenticationFailed: ("api_key_refused", str(error.detail)),
        exceptions.UnsupportedMediaType: (
            "unsupported_media_type",
            _("Send the body as application/json, and files as multipart/form-data."),
        ),
        exceptions.MethodNotAllowed: ("method_not_allowed", _("This address does not take that method.")),
        ScopeMissing: ("key_scope", str(error.detail)),
        exceptions.PermissionDenied: ("forbidden", _("You may not do this. Nothing was changed.")),
        exceptions.APIException: ("refused", _("The request was refused.")),
    }
    code, sentence = next(row for kind, row in table.items() if isinstance(error, kind))
    fields = error.fields if isinstance(error, BadFields) else None
    headers = error.headers if isinstance(error, TooOften) else {}
    if error.status_code == status.HTTP_401_UNAUTHORIZED:
        headers = {"WWW-Authenticate": "Bearer"}
    return answer(error.status_code, code, sentence, fields, headers)


def answer(
    status: int, code: str, sentence: str, fields: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response:
    body: dict[str, Any] = {"error": sentence, "code": code}
    if fields:
        body["fields"] = {name: str(text) for name, text in fields.items()}
    return Response(body, status=status, headers=headers)
