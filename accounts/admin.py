"""Admin of people and money: read-mostly. Who may change what stands in accounts.rules."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import credits, rules, trail
from accounts.models import ApiKey, CreditBalance, LedgerEntry, LedgerTransaction, User
from accounts.models.ledger import Kind
from accounts.reasons import with_a_reason

GIFT = 100


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that nobody changes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MoneyAdmin(ReadOnlyAdmin):
    """Balances and the ledger."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and rules.may_read_money(request.user)


@admin.register(User)
class UserAdmin(trail.TrailedAdmin):
    list_display = ("email", "role", "is_active", "max_active", "created_at", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email",)
    fields = ("email", "role", "is_active", "max_active", "language", "theme", "created_at", "last_login")
    readonly_fields = ("created_at", "last_login")
    told = ("email", "role", "is_active", "max_active", "language", "theme")
    ordering = ("-created_at",)
    show_full_result_count = False
    actions = ("grant_credits",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People with a history are made inactive instead."""
        return False

    @admin.action(description=_("Grant 100 credits"), permissions=["grant"])
    @with_a_reason
    def grant_credits(self, request: HttpRequest, people: list[User], hand: trail.Hand) -> None:
        if sum(_grant(person, hand) for person in people):
            messages.success(request, _("Credits were granted."))
        else:
            messages.warning(request, _("These credits had been granted already. Nothing was granted again."))

    def has_grant_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and rules.may_run_the_studio(request.user)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "name", "user", "scopes", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("hint", "user__email")
    exclude = ("digest",)
    show_full_result_count = False
    actions = ("revoke",)

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        with transaction.atomic():
            alive = ApiKey.objects.filter(pk__in=keys, revoked_at__isnull=True).select_for_update()
            trail.note(trail.hand_of(request), alive, gettext_noop("Revoked."))
            revoked = ApiKey.objects.filter(pk__in=[key.pk for key in alive]).revoke()
        messages.success(request, _("Revoked: %(count)d.") % {"count": revoked})

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and rules.may_run_the_studio(request.user)


class EntryInline(admin.TabularInline[LedgerEntry, LedgerTransaction]):
    model = LedgerEntry
    extra = 0
    can_delete = False
    fields = ("account", "user", "millicredits")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(MoneyAdmin):
    list_display = ("created_at", "kind", "reference", "actor", "note")
    list_filter = ("kind",)
    list_select_related = ("actor",)
    search_fields = ("reference",)
    inlines = (EntryInline,)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(CreditBalance)
class CreditBalanceAdmin(MoneyAdmin):
    list_display = ("user", "available", "held")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    show_full_result_count = False


def _grant(person: User, hand: trail.Hand) -> bool:
    """Once for a form, however often it is sent."""
    reference = f"admin:{hand.key}:{person.pk}"
    with transaction.atomic(durable=False):
        User.objects.locked(person.pk)
        if LedgerTransaction.objects.filter(kind=Kind.GRANT, reference=reference).exists():
            return False
        amount = GIFT * credits.MILLI
        credits.grant(
            user_id=person.pk, millicredits=amount, reference=reference, actor_id=hand.actor_id, note=hand.reason
        )
        trail.note(hand, [person], gettext_noop("Granted %(credits)s credits."), credits=GIFT)
    return True
