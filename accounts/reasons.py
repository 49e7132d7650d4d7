"""Acts in Django admin that want a reason: a page with the rows asks for it, and the act is done when it comes back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import trail
from accounts.ids import uuid7
from accounts.models import LedgerTransaction

MOST = 100
LONGEST_REASON = LedgerTransaction._meta.get_field("note").max_length


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 40}),
        help_text=gettext_lazy("Kept with your name in the audit trail. The person sees neither."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)


def with_a_reason(act: Callable[[Any, HttpRequest, Any, trail.Hand], None]) -> Callable[..., HttpResponse | None]:
    """An admin action from an act that takes a hand with its reason besides."""

    @wraps(act)
    def action(model_admin: Any, request: HttpRequest, rows: Any) -> HttpResponse | None:
        chosen = list(rows[: MOST + 1])
        if len(chosen) > MOST:
            messages.error(
                request, _("At most %(most)d rows at once. Nothing was done. Choose fewer.") % {"most": MOST}
            )
            return None
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            given = form.cleaned_data
            act(model_admin, request, chosen, trail.hand_of(request, given["reason"], str(given["key"])))
            return None
        title = model_admin.get_actions(request)[request.POST["action"]][2]
        context = {"title": title, "rows": chosen, "form": form, "action": request.POST["action"]}
        context |= {"opts": model_admin.opts, "media": model_admin.media}
        return TemplateResponse(
            request, "admin/give_a_reason.html", model_admin.admin_site.each_context(request) | context
        )

    return action
