"""The inbox: every webhook whose signature held, kept as it came, once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7


class Outcome(models.TextChoices):
    APPLIED = "applied", _("applied")
    STALE = "stale", _("nothing new")
    ORPHAN = "orphan", _("belongs to no attempt")
    POISON = "poison", _("cannot be read")
    LATE = "late", _("came after the end")
    UNFOUNDED = "unfounded", _("unsigned, and the provider says otherwise")


class Delivery(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(_("provider"), max_length=32)
    dedupe = models.CharField(_("delivery id"), max_length=300)
    # From the address it came to. Not a foreign key: an unknown attempt must not be refused here.
    attempt_id = models.UUIDField(_("attempt"))
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"))
    # False where nothing was signed: the job is asked for before a word of the body is believed.
    is_proof = models.BooleanField(_("signed"), default=True)
    received_at = models.DateTimeField(_("received"), db_default=Now())
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [models.UniqueConstraint(fields=["provider", "dedupe"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(processed_at__isnull=True), name="delivery_unprocessed"),
            models.Index(fields=["attempt_id"], name="delivery_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.dedupe}"
