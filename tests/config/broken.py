"""Addresses that break in every way, each with all secrets at hand. Only for tests/config/test_secrets.py."""

from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import secrecy


def everything() -> str:
    return " ".join(sorted(secrecy.values({name: getattr(settings, name) for name in dir(settings)})))


def quoted(request: HttpRequest) -> HttpResponse:
    """A library's exception that quotes what it was given."""
    raise RuntimeError(f"canary-was-here: cannot use {everything()}")


def held(request: HttpRequest) -> HttpResponse:
    """Local variables, and an exception behind the exception."""
    secrets = everything()
    try:
        {"": secrets}[secrets]
    except KeyError as error:
        raise ValueError("canary-was-here") from error
    return HttpResponse(secrets)


def logged(request: HttpRequest) -> HttpResponse:
    """Events whose names say nothing."""
    logger: Any = structlog.get_logger(__name__)
    logger.info("canary-was-here", settings={name: repr(getattr(settings, name)) for name in dir(settings)})
    logger.error("also_as_text", words=everything())
    return HttpResponse("ok")


def database(request: HttpRequest) -> HttpResponse:
    """As psycopg words it when the address is wrong."""
    raise OperationalError(f"canary-was-here: connection to {connections['default'].settings_dict} failed")


BROKEN = {"quoted": quoted, "held": held, "logged": logged, "database": database}
urlpatterns = [
    *(path(f"{prefix}broken/{name}", view) for prefix in ("", "api/", "admin/") for name, view in BROKEN.items()),
    path("", include("config.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
