"""Views for signed-in people get them as an argument."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from accounts.models import User


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Sends a signed-out visitor to the sign-in page and back again."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return to_sign_in(request)
        return view(request, request.user, *args, **kwargs)

    return wrapper


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and then to a page: neither a fragment nor the address of a form is one."""
    if request.htmx:  # type: ignore[attr-defined]
        there = redirect_to_login(request.htmx.current_url_abs_path or reverse("create"))  # type: ignore[attr-defined]
        # 401 and not a redirect, which the browser would follow by itself and give htmx a page for a fragment.
        return HttpResponse(status=401, headers={"HX-Redirect": there.url})
    return redirect_to_login(request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("create"))
