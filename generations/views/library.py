"""The library and one result."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limits
from accounts.models import User
from generations import feed, paging, refusals
from generations.actions import changing
from generations.models import Generation
from generations.views import queue, refusing
from generations.views.people import signed_in
from providers import catalogue

PAGE_SIZE = 48


@never_cache
@signed_in
@require_GET
def history(request: HttpRequest, user: User) -> HttpResponse:
    """Everything the person made, newest first."""
    try:
        page = paging.page(
            Generation.objects.for_user(user).shown().with_outputs(), request.GET.get("cursor", ""), PAGE_SIZE
        )
    except paging.BadCursor:
        return redirect("history")
    return render(request, "generations/history.html", {"page": page})


@never_cache
@signed_in
@require_GET
def result(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    """One generation."""
    return render(request, "generations/result.html", feed.result_context(opened(user, generation_id), user))


def opened(user: User, generation_id: UUID) -> Generation:
    """Opening it is seeing it."""
    generation = _fetch(user, generation_id)
    if not generation.is_viewed:
        changing.mark_viewed(generation)
        # First the change number, then what it stands for: in the other order a change in between would never be told.
        user.refresh_from_db(fields=["seq"])
        generation = _fetch(user, generation_id)
    return generation


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    """GET says what it would cost. After POST the page shows how it ended, whether or not it was in time."""
    generation = _fetch(user, generation_id)
    if request.method == "GET":
        return queue.cancel_preview(request, Generation.objects.for_user(user).filter(pk=generation.pk), generation)
    try:
        changing.cancel_generation(generation)
    except changing.NotCancellable as error:
        return refusing.page(request, refusals.refusal_of(error))
    return _changed(request, generation)


@signed_in
@require_POST
def retry(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    """The form's key makes a second click the same request."""
    generation = _fetch(user, generation_id)
    usage: limits.Usage | None = None
    try:
        usage = refusing.count(request, user, catalogue.get(generation.model))
        if usage and usage.is_exceeded:
            return refusing.with_usage(refusing.page(request, refusals.too_often()), usage)
        answer = changing.retry_generation(user, generation, request.POST.get("idempotency_key", "")[:255])
    except refusals.EXPECTED as error:
        return refusing.with_usage(refusing.page(request, refusals.refusal_of(error)), usage)
    response = refusing.with_usage(_changed(request, answer.generation), usage)
    # The card stays where it is: its button, pressed once more, asks once more.
    response["X-Next-Key"] = str(uuid4())
    return response


@signed_in
@require_POST
def viewed(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    generation = _fetch(user, generation_id)
    changing.mark_viewed(generation)
    return _changed(request, generation)


@signed_in
@require_POST
def check(request: HttpRequest, user: User, generation_id: UUID) -> HttpResponse:
    """Asks the provider now."""
    generation = _fetch(user, generation_id)
    changing.check_again(generation)
    return _changed(request, generation)


def _fetch(user: User, generation_id: UUID) -> Generation:
    return get_object_or_404(Generation.objects.for_user(user).with_outputs(), pk=generation_id)


def _changed(request: HttpRequest, generation: Generation) -> HttpResponse:
    """The card for a page that can place it, else the result page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("result", generation_id=generation.pk)
    response = render(request, "generations/_card.html", {"generation": generation})
    response["X-Live-Fragment"] = "1"
    return response
