"""Acts that ask first: a page tells row by row what would happen, and wants a reason. See actions.reconciling."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import trail
from accounts.reasons import MOST, ReasonForm
from accounts.statements import statements_of
from generations.actions.reconciling import Act, Verdict, judge, perform
from generations.formats import credits_text
from generations.models import Generation

FORESEEN = {
    Act.ASK: gettext_lazy("The provider is asked whether it has the work. Nothing is sent again, nothing is charged."),
    Act.CHARGE: gettext_lazy("%(amount)s cr are charged. It ends without a file; one that still arrives is added."),
    Act.RELEASE: gettext_lazy("%(amount)s cr go back to the person. It ends; a file that still arrives is free."),
    Act.REFUND: gettext_lazy("%(amount)s cr go back to the person. It stays as it is."),
}
DONE = {
    Act.ASK: gettext_lazy("Asked: %(count)d."),
    Act.CHARGE: gettext_lazy("Settled as charged: %(count)d, %(amount)s credits."),
    Act.RELEASE: gettext_lazy("Settled as not charged: %(count)d, %(amount)s credits went back."),
    Act.REFUND: gettext_lazy("Given back: %(count)d, %(amount)s credits."),
}


def ask_first(model_admin: Any, request: HttpRequest, rows: Any, act: Act) -> HttpResponse | None:
    """The page; once it is sent back with a reason, the act. None leads back to the list."""
    is_answer = "confirmed" in request.POST
    # What was shown is what is meant, also of rows that have left the list meanwhile: they are told of.
    shown = Generation.objects.filter(pk__in=request.POST.getlist("_selected_action")) if is_answer else rows
    chosen = list(shown.select_related("user").order_by("-pk")[: MOST + 1])
    if len(chosen) > MOST:
        messages.error(request, _("At most %(most)d rows at once. Nothing was done. Choose fewer.") % {"most": MOST})
        return None
    form = ReasonForm(request.POST if is_answer else None)
    if form.is_valid():
        hand = trail.hand_of(request, form.cleaned_data["reason"])
        tell(request, act, [perform(act, row.pk, hand) for row in chosen])
        return None
    context = model_admin.admin_site.each_context(request) | page_of(act, chosen)
    context |= {"form": form, "action": request.POST["action"], "opts": model_admin.opts, "media": model_admin.media}
    return TemplateResponse(request, "admin/ask_first.html", context)


def page_of(act: Act, chosen: list[Generation]) -> dict[str, Any]:
    """What would happen to each, and to how much in all."""
    statements = statements_of([row.ledger_reference for row in chosen])
    verdicts = {row.pk: judge(act, row, statements[row.ledger_reference]) for row in chosen}
    going = [verdict for verdict in verdicts.values() if not verdict.refusal]
    return {
        "title": act.label,
        "plan": [(row, verdicts[row.pk].refusal is None, words_of(act, row.pk, verdicts)) for row in chosen],
        "count": len(going),
        "left_alone": len(chosen) - len(going),
        "moves_money": act is not Act.ASK,
        "amount": credits_text(sum(verdict.millicredits for verdict in going)),
    }


def words_of(act: Act, row_id: UUID, verdicts: dict[UUID, Verdict]) -> str:
    verdict = verdicts[row_id]
    if verdict.refusal:
        return str(verdict.refusal.label)
    return FORESEEN[act] % {"amount": credits_text(verdict.millicredits)} if act is not Act.ASK else str(FORESEEN[act])


def tell(request: HttpRequest, act: Act, verdicts: Iterable[Verdict]) -> None:
    """One line for what was done, and one for each reason why something was not."""
    verdicts = list(verdicts)
    done = [verdict for verdict in verdicts if not verdict.refusal]
    if done:
        amount = credits_text(sum(verdict.millicredits for verdict in done))
        messages.success(request, DONE[act] % {"count": len(done), "amount": amount})
    for refusal, count in Counter(verdict.refusal for verdict in verdicts if verdict.refusal).items():
        messages.warning(request, _("Left alone: %(count)d. %(why)s") % {"count": count, "why": refusal.label})
