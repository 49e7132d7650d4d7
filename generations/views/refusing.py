"""How pages say no, and the rate of asking, which pages and programs share."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import limits
from accounts.models import User
from generations import refusals
from providers.catalogue import Model


def count(request: HttpRequest, user: User, model: Model) -> limits.Usage | None:
    """Counts one wish, in the same window as the API's; None when nothing can be counted."""
    return limits.count(request, f"model:{model.id}", str(user.pk), f"{model.rate_per_minute}/m")


def with_usage(response: HttpResponse, usage: limits.Usage | None) -> HttpResponse:
    """The answer with what is left of the rate."""
    for name, value in (usage.headers if usage and "X-RateLimit-Limit" not in response else {}).items():
        response[name] = value
    return response


def fragment(request: HttpRequest, refusal: refusals.Refusal, target: str) -> HttpResponse:
    """A refusal for htmx, shown in the target."""
    response = render(request, "generations/_refusal.html", {"refusal": refusal}, status=refusal.status)
    response["HX-Retarget"] = target
    response["HX-Reswap"] = "innerHTML"
    return until_later(_with_next_key(response, refusal), refusal)


def page(request: HttpRequest, refusal: refusals.Refusal, there: str = "") -> HttpResponse:
    """A refusal as a fragment or as a page of its own, which leads back: to create, if nobody says where."""
    if request.htmx:  # type: ignore[attr-defined]
        return fragment(request, refusal, "#notice")
    response = render(request, "generations/refused.html", {"refusal": refusal, "there": there}, status=refusal.status)
    return until_later(response, refusal)


def until_later(response: HttpResponse, refusal: refusals.Refusal) -> HttpResponse:
    """With when to come again, if time is what is missing; a rate that is known says it better (with_usage)."""
    if refusal.is_for_now:
        response["Retry-After"] = refusals.RETRY_AFTER
    return response


def _with_next_key(response: HttpResponse, refusal: refusals.Refusal) -> HttpResponse:
    """A form whose key was used up gets another; with the old one it would be refused for ever."""
    if refusal.code == refusals.KEY_REUSED:
        response["X-Next-Key"] = str(uuid4())
    return response
