"""At the edge: a request id on every log line, a line for every API call, and no 500 for what is no bug of ours."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from config import errors
from media_pipeline.shelf import StorageAway

logger = structlog.get_logger(__name__)
GIVEN_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    """Binds the request id; logs user, route, status and duration of API calls."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        if request.path.startswith("/api/") and not request.path.startswith("/api/health"):
            _log(request, response, time.perf_counter() - started)
        return response


def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    logger.info(
        "api_call",
        method=request.method,
        route=match.route if match else request.path,
        status=response.status_code,
        user_id=_person_id(request),
        milliseconds=round(seconds * 1000, 1),
    )


def _person_id(request: HttpRequest) -> int | None:
    """Whoever is known already; asking now could be a query, and fail where nothing catches it."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    # For a key REST framework has put its person here; the session middleware knows nobody.
    return getattr(user, "pk", None)


class StoreErrorsMiddleware:
    """A database or a bucket that is away: 503 with Retry-After. A form with a text that no column can hold: 400."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            logger.warning("database_unavailable", error=str(error).strip())
            return errors.unavailable(request)
        if isinstance(error, StorageAway):
            logger.warning("bucket_unavailable", error=str(error))
            return errors.unavailable(request)
        if isinstance(error, DataError) and _holds_nul(request):
            return errors.bad_request(request)
        return None


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a field has the one character that forms can send and PostgreSQL cannot hold. Browsers send none."""
    return any("\x00" in value for _name, values in request.POST.lists() for value in values)
