"""The list of notifications; opening one, and marking them read."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from generations import paging
from generations.views.people import signed_in
from notifications import actions
from notifications.bell import Bell
from notifications.models import Kind, Notification

PAGE_SIZE = 30


@never_cache
@signed_in
@require_GET
def told(request: HttpRequest, user: User) -> HttpResponse:
    """All of them, newest first."""
    rows = Notification.objects.for_user(user).in_bell().with_generation()
    try:
        page = paging.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    except paging.BadCursor:
        return redirect("notifications")
    return render(request, "notifications/notifications.html", {"page": page})


@never_cache
@signed_in
@require_GET
def opened(request: HttpRequest, user: User, notification_id: UUID) -> HttpResponse:
    """Opening one is reading it; then it leads to what it tells of."""
    row = _fetch(user, notification_id)
    actions.mark_read(user, row.pk)
    return redirect(_place_of(row))


@signed_in
@require_POST
def read(request: HttpRequest, user: User, notification_id: UUID) -> HttpResponse:
    actions.mark_read(user, _fetch(user, notification_id).pk)
    return _bell(request, user)


@signed_in
@require_POST
def read_all(request: HttpRequest, user: User) -> HttpResponse:
    """Up to the newest the page showed."""
    try:
        until = UUID(request.POST.get("until", ""))
    except ValueError:
        return _bell(request, user)
    actions.mark_all_read(user, until)
    return _bell(request, user)


def _fetch(user: User, notification_id: UUID) -> Notification:
    return get_object_or_404(Notification.objects.for_user(user), pk=notification_id)


def _place_of(row: Notification) -> str:
    if row.generation_id is not None:
        return reverse("result", args=[row.generation_id])
    if row.kind == Kind.ARCHIVE:
        return reverse("library-exports")
    if row.kind == Kind.CHANNEL_OFF:
        return reverse("notification-wishes")
    return reverse("docs-page", args=["credits"])


def _bell(request: HttpRequest, user: User) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("notifications")
    response = render(request, "notifications/_bell.html", {"bell": Bell(user)})
    response["X-Live-Fragment"] = "1"
    return response
