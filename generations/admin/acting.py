"""What lists of generations share: who may act, giving credits back, and the list's actions as buttons on a row."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.admin import ReadOnlyAdmin
from accounts.models import User
from generations.actions.reconciling import Act
from generations.admin.asking import ask_first


class ActingAdmin(ReadOnlyAdmin):
    change_form_template = "admin/act_on_one.html"
    list_select_related = ("user",)
    search_fields = ("=id", "user__email")
    ordering = ("-id",)
    show_full_result_count = False

    @admin.action(description=_("Give the credits back…"), permissions=["refund"])
    def refund(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return ask_first(self, request, rows, Act.REFUND)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        offered: Any = self.get_actions(request).values()
        acts = [(name, words) for _action, name, words in offered]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "acts": acts})

    def has_act_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and rules.may_act_on_anyones_generations(request.user)

    def has_refund_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and rules.may_refund(request.user)
