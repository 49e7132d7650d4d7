"""The money desk: paid requests whose answer never came, and what an operator can do about them."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from generations.actions.reconciling import Act
from generations.admin.acting import ActingAdmin
from generations.admin.asking import ask_first
from generations.admin.rows import AttemptInline, EventInline, OutputInline
from generations.models import Attempt, Generation, Stage, Unconfirmed
from generations.models.generation import CHARGED_BY_HAND, NEVER_CONFIRMED, GenerationQuerySet
from generations.texts import money_sentence


class WhichFilter(admin.SimpleListFilter):
    title = _("where it stands")
    parameter_name = "which"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("in doubt")), ("given_up", _("ended, not charged")), ("charged", _("settled as charged"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted: dict[str, dict[str, str]] = {
            "open": {"stage": Stage.UNCONFIRMED},
            "given_up": {"error_code": NEVER_CONFIRMED},
            "charged": {"error_code": CHARGED_BY_HAND},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Unconfirmed)
class MoneyDeskAdmin(ActingAdmin):
    list_display = ("sent", "person", "model_name", "where", "money", "evidence", "gives_up")
    list_filter = (WhichFilter, "provider")
    fields = (
        "person", "stage", "error_code", "model_name", "prompt", "money", "sent", "where", "job", "evidence",
        "gives_up", "created_at", "cancel_requested_at", "completed_at",
    )  # fmt: skip
    readonly_fields = ("person", "money", "sent", "where", "job", "evidence", "gives_up")
    inlines = (EventInline, AttemptInline, OutputInline)
    actions = ("ask", "settle_as_charged", "settle_as_not_charged", "refund")

    def get_queryset(self, request: HttpRequest) -> GenerationQuerySet:
        attempts = Prefetch("attempts", Attempt.objects.order_by("number"), to_attr="tries")
        return Unconfirmed.objects.on_the_desk().prefetch_related(attempts)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Payments in doubt")})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Written under the name the row has everywhere else."""
        return redirect("admin:generations_generation_history", object_id)

    @admin.action(description=_("Ask the provider again…"), permissions=["act"])
    def ask(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return ask_first(self, request, rows, Act.ASK)

    @admin.action(description=_("Settle as charged…"), permissions=["act"])
    def settle_as_charged(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return ask_first(self, request, rows, Act.CHARGE)

    @admin.action(description=_("Settle as not charged…"), permissions=["act"])
    def settle_as_not_charged(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return ask_first(self, request, rows, Act.RELEASE)

    @admin.display(description=_("sent"), ordering="-pk")
    def sent(self, row: Any) -> str:
        at = last(row).sent_at or row.created_at
        return str(_("%(time)s ago")) % {"time": timesince(at, depth=1)}

    @admin.display(description=_("person"))
    def person(self, row: Generation) -> str:
        return str(row.user)

    @admin.display(description=_("provider and token"))
    def where(self, row: Any) -> str:
        return f"{last(row).provider.capitalize()}, {last(row).token_label}"

    @admin.display(description=_("provider's id"))
    def job(self, row: Any) -> str:
        return last(row).external_id or "—"

    @admin.display(description=_("credits"))
    def money(self, row: Generation) -> str:
        return money_sentence(row)

    @admin.display(description=_("last known"))
    def evidence(self, row: Any) -> str:
        attempt = last(row)
        answer = f"HTTP {attempt.http_status}" if attempt.http_status else str(_("no answer"))
        asked = ngettext("asked after %(count)d time", "asked after %(count)d times", attempt.polls)
        return f"{answer}, {asked % {'count': attempt.polls}}"

    @admin.display(description=_("given up in"))
    def gives_up(self, row: Any) -> str:
        if row.stage != Stage.UNCONFIRMED:
            return "—"
        return timesince(timezone.now(), min(row.deadline_at, last(row).fuse_at), depth=1)


def last(row: Any) -> Attempt:
    """The attempt that was never answered; there is one, or the row would not be here."""
    return row.tries[-1] if row.tries else Attempt(generation=row, provider=row.provider, fuse_at=row.deadline_at)
