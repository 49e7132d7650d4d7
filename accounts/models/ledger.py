"""Money rows: an append-only double-entry ledger and the balance it adds up to.

Amounts are milli-credits; 1 credit is 1 US cent of list price. The rules that make the rows true are
constraints here and triggers in accounts/sql/ledger.sql; accounts.credits is the only writer.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Sign
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7


class Kind(models.TextChoices):
    GRANT = "grant", _("granted")
    PURCHASE = "purchase", _("purchased")
    HOLD = "hold", _("held")
    CAPTURE = "capture", _("charged")
    RELEASE = "release", _("released")
    REFUND = "refund", _("refunded")
    ADJUSTMENT = "adjustment", _("adjusted")


class Account(models.TextChoices):
    AVAILABLE = "available", _("available")
    HELD = "held", _("held")
    REVENUE = "revenue", _("revenue")
    GRANTS = "grants", _("grants")
    PURCHASES = "purchases", _("purchases")
    ADJUSTMENTS = "adjustments", _("adjustments")


PERSONAL = (Account.AVAILABLE, Account.HELD)


class LedgerTransaction(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # What the money is for, in the caller's words; the ledger never looks inside.
    reference = models.CharField(_("reference"), max_length=120)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects: ClassVar[models.Manager["LedgerTransaction"]] = models.Manager()

    class Meta:
        verbose_name = _("ledger transaction")
        verbose_name_plural = _("ledger transactions")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="ledger_kind_once_per_reference"),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(kind__in=["capture", "release"]), name="ledger_settled_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="ledger_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class LedgerEntry(models.Model):
    # The unique constraint below has the index.
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account = models.CharField(_("account"), max_length=12, choices=Account.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    millicredits = models.BigIntegerField(_("milli-credits"))

    objects: ClassVar[models.Manager["LedgerEntry"]] = models.Manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            # Nothing can join a transaction that has both: hence it is enough to check one when it is written.
            models.UniqueConstraint("transaction", Sign("millicredits"), name="ledger_one_entry_each_way"),
            models.CheckConstraint(condition=~Q(millicredits=0), name="ledger_entry_not_zero"),
            models.CheckConstraint(condition=Q(account__in=Account.values), name="ledger_account_known"),
            models.CheckConstraint(
                condition=Q(account__in=PERSONAL, user__isnull=False)
                | (~Q(account__in=PERSONAL) & Q(user__isnull=True)),
                name="ledger_personal_accounts_have_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.millicredits:+d}"


class CreditBalance(models.Model):
    """Sum of a person's entries, kept by a trigger; the application cannot write it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="credit_balance"
    )
    available = models.BigIntegerField(_("available, milli-credits"), default=0)
    held = models.BigIntegerField(_("held, milli-credits"), default=0)

    objects: ClassVar[models.Manager["CreditBalance"]] = models.Manager()

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.CheckConstraint(condition=Q(available__gte=0), name="balance_available_not_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="balance_held_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.available} + {self.held}"
