"""One of the operator's tokens: its sealed secret, how much it may be used, and how it is doing."""

from typing import ClassVar, Self

from accounts.sealing import seal, unseal
from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from providers.models.fingerprints import fingerprints

MOST_WEIGHT = 100
MOST_IN_FLIGHT = 1000


class State(models.TextChoices):
    ACTIVE = "active", _("works")
    COOLING = "cooling", _("resting: too many calls")
    EXHAUSTED = "exhausted", _("resting: no credit left")
    SUSPECT = "suspect", _("resting: refused")
    DISABLED = "disabled", _("out: refused again and again")


class Source(models.TextChoices):
    ADMIN = "admin", _("added here")
    ENVIRONMENT = "environment", _("from the environment")


# States that pass; the token is tried again, by one job, when its rest is over.
RESTING = (State.COOLING, State.EXHAUSTED, State.SUSPECT)


class TokenQuerySet(models.QuerySet["Token"]):
    def with_figures(self) -> Self:
        """in_flight now, requests and errors of all days; each from its own rows."""
        day = apps.get_model("providers", "TokenDay").objects.filter(token=models.OuterRef("pk"))
        sums = {
            name: Coalesce(
                models.Subquery(day.order_by().values("token").annotate(sum=Sum(name)).values("sum")),
                0,
                output_field=models.BigIntegerField(),
            )
            for name in ("requests", "errors")
        }
        today = day.filter(day=Today()).values("requests")
        used_today = Coalesce(models.Subquery(today), 0)
        return self.annotate(in_flight=Count("uses", distinct=True), used_today=used_today, **sums)

    def that_can_come_back(self) -> Self:
        """Without those that only the operator can bring back."""
        return self.filter(is_enabled=True).exclude(state=State.DISABLED)


class Today(models.Func):
    """The day that daily caps and counts go by: UTC, by the database's clock."""

    template = "(clock_timestamp() AT TIME ZONE 'UTC')::date"
    output_field = models.DateField()
    arity = 0


class Token(models.Model):
    provider = models.CharField(_("provider"), max_length=32)
    label = models.CharField(_("name"), max_length=60)
    source = models.CharField(_("where it is from"), max_length=12, choices=Source.choices, default=Source.ADMIN)
    # Empty for a token of the environment, whose secret stays there.
    sealed_secret = models.TextField(blank=True, default="", editable=False)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, editable=False)
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WEIGHT)],
        help_text=_("A token of weight 3 is used three times as often as one of weight 1."),
    )
    turn = models.FloatField(default=0, editable=False)
    max_in_flight = models.PositiveSmallIntegerField(
        _("jobs at once"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_IN_FLIGHT)]
    )
    daily_cap = models.PositiveIntegerField(
        _("jobs a day"), null=True, blank=True, help_text=_("Empty: as many as come. The day begins at midnight UTC.")
    )
    is_enabled = models.BooleanField(_("switched on"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    cooldown_until = models.DateTimeField(_("next try"), null=True, blank=True)
    # While one job tries a token that failed, no other does; a time, so that a killed process holds nothing up.
    trial_until = models.DateTimeField(null=True, blank=True, editable=False)
    fail_streak = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, default="")
    last_error_at = models.DateTimeField(_("time of the last error"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects: ClassVar[models.Manager["Token"]] = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider token")
        verbose_name_plural = _("provider tokens")
        constraints = [
            models.UniqueConstraint(fields=["provider", "fingerprint"], name="token_once_per_provider"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="token_state_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="token_source_known"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=MOST_WEIGHT), name="token_has_weight"),
            models.CheckConstraint(condition=Q(max_in_flight__gte=1), name="token_takes_a_job"),
            models.CheckConstraint(
                condition=~Q(state__in=RESTING) | Q(cooldown_until__isnull=False), name="token_rest_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(source=Source.ENVIRONMENT, sealed_secret="")
                | (Q(source=Source.ADMIN) & ~Q(sealed_secret="")),
                name="token_secret_where_it_belongs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.label}"

    def __repr__(self) -> str:
        return f"<Token #{self.pk} {self.provider} ***>"

    def keep(self, secret: str) -> None:
        """Seals the secret into the row; the caller saves."""
        self.sealed_secret = seal(secret)
        self.fingerprint = fingerprints(secret)[0]

    def secret(self) -> str:
        """The plain text of a row that was added here. Raises Undecryptable."""
        return unseal(self.sealed_secret)
