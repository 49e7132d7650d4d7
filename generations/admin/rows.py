"""Rows of generations: read, cancel, ask again, give the credits back. They change only through the lifecycle."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnlyAdmin
from accounts.reasons import with_a_reason
from accounts.trail import Hand
from generations.actions import changing
from generations.admin.acting import ActingAdmin
from generations.models import Attempt, Delivery, Event, Generation, Output


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ReadOnlyInline):
    model = Event
    fields = ("created_at", "kind", "data")
    ordering = ("id",)


class AttemptInline(ReadOnlyInline):
    model = Attempt
    fields = ("number", "provider", "endpoint", "token_label", "state", "external_id", "error_class", "error_detail")
    ordering = ("number",)


class OutputInline(ReadOnlyInline):
    model = Output
    fields = ("index", "state", "is_late", "error_code", "source_url")
    ordering = ("index",)


@admin.register(Generation)
class GenerationAdmin(ActingAdmin):
    list_display = ("created_at", "user", "model", "stage", "error_code", "cost_millicredits", "completed_at")
    list_filter = ("stage", "model", "error_code")
    inlines = (EventInline, AttemptInline, OutputInline)
    actions = ("cancel", "check_again", "refund")

    @admin.action(description=_("Cancel"), permissions=["act"])
    @with_a_reason
    def cancel(self, request: HttpRequest, generations: list[Generation], hand: Hand) -> None:
        done = 0
        for generation in generations:
            try:
                changing.cancel_generation(generation, hand)
            except changing.NotCancellable:
                continue
            done += 1
        messages.info(request, _("Cancelled or being cancelled: %(count)d.") % {"count": done})

    @admin.action(description=_("Ask the provider now"), permissions=["act"])
    @with_a_reason
    def check_again(self, request: HttpRequest, generations: list[Generation], hand: Hand) -> None:
        asked = sum(changing.check_again(generation, hand) for generation in generations)
        messages.info(request, _("Asked: %(count)d.") % {"count": asked})


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "generation", "number", "provider", "state", "external_id", "error_class")
    list_filter = ("provider", "state")
    list_select_related = ("generation",)
    search_fields = ("=id", "=external_id", "=generation__id")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "provider", "dedupe", "outcome", "processed_at", "tries")
    list_filter = ("provider", "outcome")
    search_fields = ("=dedupe", "=attempt_id")
    fields = ("provider", "dedupe", "attempt_id", "headers", "readable_body", "received_at", "processed_at", "outcome")
    readonly_fields = ("readable_body",)
    ordering = ("-id",)
    show_full_result_count = False

    @admin.display(description=_("body"))
    def readable_body(self, delivery: Delivery) -> str:
        return bytes(delivery.body).decode("utf-8", "replace")[:20_000]
