"""Connecting a chat: a link to the bot as text and as a picture; and letting it go."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from generations.views.people import signed_in
from notifications.telegram import actions
from notifications.telegram.line import line
from notifications.telegram.steps import linking


@never_cache
@signed_in
@require_POST
def link(request: HttpRequest, user: User) -> HttpResponse:
    """Shown in the answer and nowhere else: the link is not kept. Not before Telegram knows the bot."""
    here = line()
    if here is None:
        raise Http404
    try:
        shown = actions.make_link(user)
    except actions.NotSetUp:
        messages.error(
            request,
            _(
                "Telegram does not answer for this studio's bot at the moment. "
                "Try again in a minute; if it stays so, tell the operator."
            ),
        )
        return redirect("notification-wishes")
    context = {"link": shown, "is_sandbox": here.is_sandbox}
    return render(request, "notifications/telegram/link.html", context)


@signed_in
@require_POST
def unlink(request: HttpRequest, user: User) -> HttpResponse:
    if line() is None:
        raise Http404
    linking.unlink(user)
    messages.success(request, _("Disconnected. Nothing more is sent to Telegram."))
    return redirect("notification-wishes")
