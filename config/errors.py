"""Error pages for people, {"error", "code"} for programs. Each says what happened, what it cost and what to do."""

import sys
from collections.abc import Callable
from functools import wraps

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _("The request cannot be understood. Nothing was done.")
    return _answer(request, 400, "bad_request", sentence)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "forbidden", _("You may not do this. Nothing was changed."))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _("There is nothing here. It may have been deleted, or it is not yours.")
    return _answer(request, 404, "not_found", sentence)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's refusal; accounts.sign_in_rates says when to come again."""
    sentence = _("Too many attempts. Nothing was done. Wait some minutes and try again.")
    return _answer(request, 429, "rate_limited", sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page of the person who is signed in gets a fresh token and loses nothing; one of anybody else is loaded anew.

    What other hosts send never names the person, and they could not read the answer.
    """
    sentence = _("The page was open for too long. Nothing was done. Load it again and repeat.")
    response = _answer(request, 403, "csrf_failed", sentence)
    if request.user.is_authenticated and request.headers.get("X-Person") == str(request.user.pk):
        response["X-Fresh-Token"] = get_token(request)
    else:
        response["HX-Refresh"] = "true"
    return response


def reads_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """GET and HEAD; any other method is refused in the shape of the API, before CSRF has a say."""

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return view(request)
        response = _answer(request, 405, "method_not_allowed", _("This address does not take that method."))
        response["Allow"] = "GET, HEAD"
        return response

    return wrapper


def server_error(request: HttpRequest) -> HttpResponse:
    """Static on purpose: whatever broke must not break this. Django calls it while the exception is being handled."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        # From a middleware, where no process_exception reaches.
        return unavailable(request)
    if request.path.startswith("/api/"):
        sentence = "Something went wrong on our side. Look at the list before you send again."
        return JsonResponse({"error": sentence, "code": "internal"}, status=500)
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away for a moment."""
    if request.path.startswith("/api/"):
        sentence = "The studio is not available for a moment. Send again in some seconds with the same Idempotency-Key."
        response: HttpResponse = JsonResponse({"error": sentence, "code": "unavailable"}, status=503)
    else:
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response["Retry-After"] = "5"
    return response


def _answer(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": sentence, "code": code}, status=status)
    return render(request, f"{status}.html", {"sentence": sentence}, status=status)
