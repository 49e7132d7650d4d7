"""Admin of the token pool. Admins look; super admins add, test, switch and replace. A secret is never shown again."""

from typing import Any

from accounts import rules, trail
from accounts.admin import ReadOnlyAdmin
from accounts.models import User
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.debug import sensitive_post_parameters

from providers.forms import PasteForm, TokenForm
from providers.models import Token, TokenDay, TokenQuerySet
from providers.models.token import RESTING
from providers.pool import checking, enrolling

MOST_TESTED = 10
ADD_FIELDS = ("provider", "lines", "max_in_flight", "weight", "daily_cap")
CHANGEABLE = ("label", "is_enabled", "max_in_flight", "weight", "daily_cap")
FACTS = (
    "provider", "source", "fingerprint_shown", "state", "cooldown_until", "fail_streak", "in_flight", "used_today",
    "requests", "errors", "last_used_at", "last_error", "last_error_at", "created_at",
)  # fmt: skip


class DayInline(admin.TabularInline[TokenDay, Token]):
    model = TokenDay
    extra = 0
    can_delete = False
    fields = readonly_fields = ("day", "requests", "errors")
    ordering = ("-day",)
    max_num = 0


@admin.register(Token)
class TokenAdmin(trail.TrailedAdmin):
    list_display = (
        "label", "provider", "state_shown", "in_flight", "used_today", "requests", "errors", "last_error", "next_try",
        "last_used_at",
    )  # fmt: skip
    list_filter = ("provider", "state", "is_enabled", "source")
    search_fields = ("label",)
    told = CHANGEABLE
    ordering = ("provider", "pk")
    show_full_result_count = False
    actions = ("test_now", "bring_back", "switch_off")
    inlines = (DayInline,)

    def get_queryset(self, request: HttpRequest) -> TokenQuerySet:
        return Token.objects.with_figures()

    def get_form(self, request: HttpRequest, obj: Any = None, change: Any = False, **kwargs: Any) -> Any:  # noqa: FBT002
        return super().get_form(request, obj, change, **{"form": TokenForm if change else PasteForm, **kwargs})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ADD_FIELDS
        secret = ("new_secret",) if self.has_change_permission(request, obj) else ()
        return (*CHANGEABLE, *secret, *FACTS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else FACTS

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return () if obj is None else self.inlines

    @method_decorator(sensitive_post_parameters())
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().add_view(request, *args, **kwargs)

    @method_decorator(sensitive_post_parameters())
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().change_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: Any) -> None:
        """Only what was changed: the pool writes the other columns while somebody looks at this page."""
        if not change:
            for refusal in form.enrolled.refused:
                messages.warning(request, refusal)
            return
        changed = [name for name in form.changed_data if name in TokenForm.Meta.fields]
        obj.save(update_fields=changed)
        if form.cleaned_data.get("new_secret"):
            enrolling.replace_secret(obj, form.cleaned_data["new_secret"])
        elif "is_enabled" in changed:
            (enrolling.bring_back if obj.is_enabled else enrolling.switch_off)(obj.pk)

    def log_addition(self, request: HttpRequest, obj: Token, message: Any) -> Any:
        """Every one of them; nothing of what was pasted."""
        for token in getattr(request, "enrolled", [obj]):
            super().log_addition(request, token, [{"added": {}}])

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        if not change:
            request.enrolled = form.enrolled.tokens  # type: ignore[attr-defined]
        return super().save_form(request, form, change)

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue: Any = None) -> HttpResponse:
        count = len(getattr(request, "enrolled", [obj]))
        sentence = ngettext("%(count)d token was added.", "%(count)d tokens were added.", count)
        messages.success(request, sentence % {"count": count})
        return HttpResponseRedirect(reverse("admin:providers_token_changelist"))

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, token: Token) -> str:
        return token.get_state_display() if token.is_enabled else str(_("switched off"))

    @admin.display(description=_("in flight"))
    def in_flight(self, token: Any) -> str:
        return f"{token.in_flight} / {token.max_in_flight}"

    @admin.display(description=_("today"))
    def used_today(self, token: Any) -> str:
        return f"{token.used_today} / {token.daily_cap}" if token.daily_cap is not None else str(token.used_today)

    @admin.display(description=_("jobs"))
    def requests(self, token: Any) -> int:
        return int(token.requests)

    @admin.display(description=_("errors"))
    def errors(self, token: Any) -> int:
        return int(token.errors)

    @admin.display(description=_("next try"), ordering="cooldown_until")
    def next_try(self, token: Token) -> Any:
        return token.cooldown_until if token.state in RESTING else None

    @admin.display(description=_("fingerprint"))
    def fingerprint_shown(self, token: Token) -> str:
        return token.fingerprint[: enrolling.FINGERPRINT_SHOWN]

    @admin.action(description=_("Test now (free of charge)"), permissions=["operate"])
    def test_now(self, request: HttpRequest, tokens: TokenQuerySet) -> None:
        for token in tokens[:MOST_TESTED]:
            trail.note(trail.hand_of(request), [token], gettext_noop("Tested."))
            is_good, sentence = checking.check(token)
            (messages.success if is_good else messages.error)(request, sentence)
        if tokens.count() > MOST_TESTED:
            messages.info(request, _("Only the first 10 were tested."))

    @admin.action(description=_("Switch on, and forget what happened"), permissions=["operate"])
    def bring_back(self, request: HttpRequest, tokens: TokenQuerySet) -> None:
        count = enrolling.bring_back(*tokens.values_list("pk", flat=True), hand=trail.hand_of(request))
        messages.success(request, _("Switched on: %(count)d.") % {"count": count})

    @admin.action(description=_("Switch off; jobs under way end with them"), permissions=["operate"])
    def switch_off(self, request: HttpRequest, tokens: TokenQuerySet) -> None:
        count = enrolling.switch_off(*tokens.values_list("pk", flat=True), hand=trail.hand_of(request))
        messages.success(request, _("Switched off: %(count)d.") % {"count": count})

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and rules.may_run_the_studio(request.user)


@admin.register(TokenDay)
class TokenDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "token", "requests", "errors")
    list_filter = ("token__provider",)
    list_select_related = ("token",)
    date_hierarchy = "day"
    ordering = ("-day", "token")
    show_full_result_count = False
