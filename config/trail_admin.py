"""The page of the audit trail: what was done in the admin, newest first."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import rules, telling
from accounts.admin import ReadOnlyAdmin
from accounts.models import User


class TrailAdmin(ReadOnlyAdmin):
    """The audit trail: nobody writes here, and nobody below a super admin reads."""

    list_display = ("action_time", "user", "row", "what", "why")
    list_display_links = None
    list_filter = (
        ("user", admin.RelatedOnlyFieldListFilter),
        "action_flag",
        ("content_type", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("user", "content_type")
    search_fields = ("=object_id", "object_repr", "user__email", "change_message")
    fields = ("action_time", "user", "row", "what", "why")
    readonly_fields = ("row", "what", "why")
    ordering = ("-id",)
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and rules.may_read_the_trail(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Audit trail")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        title = {"title": _("Audit trail"), "subtitle": None}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **title})

    @admin.display(description=_("row"))
    def row(self, entry: LogEntry) -> str:
        table = str(entry.content_type.name if entry.content_type else "—")
        address = entry.get_admin_url()
        if address is None or entry.is_deletion():
            return format_html("{}<br>{}", table, entry.object_repr)
        return format_html('{}<br><a href="{}">{}</a>', table, address, entry.object_repr)

    @admin.display(description=_("what was done"))
    def what(self, entry: LogEntry) -> str:
        return telling.what_of(entry)

    @admin.display(description=_("reason"))
    def why(self, entry: LogEntry) -> str:
        return telling.reason_of(entry)
