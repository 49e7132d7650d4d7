"""One try to have a provider do the work. The row is committed before anything is sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from generations.models.generation import Generation


class State(models.TextChoices):
    POSTING = "posting", _("being sent")
    UNKNOWN = "unknown", _("sent, answer unknown")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    CLOSED = "closed", _("closed")
    DEAD = "dead", _("given up")


LIVE = (State.POSTING, State.UNKNOWN, State.ACCEPTED)


class Attempt(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    provider = models.CharField(_("provider"), max_length=32)
    endpoint = models.CharField(_("endpoint"), max_length=160)
    version = models.CharField(_("version"), max_length=80, blank=True, default="")
    token_label = models.CharField(_("token"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.POSTING)
    external_id = models.CharField(_("provider's id"), max_length=120, null=True, blank=True)  # noqa: DJ001
    # What was sent, so that a list of the provider's jobs can be compared with it; inline files stand as their digest.
    request = models.JSONField(_("request"), default=dict)
    # Set right before the request leaves. Without it, nothing was sent for certain.
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # What the provider gave to ask after the job with.
    follow_up = models.JSONField(default=dict, blank=True)
    # Where the job stands in the provider's own line, 0 is next.
    queue_position = models.PositiveIntegerField(null=True, blank=True)
    billed_units = models.FloatField(_("units billed"), null=True, blank=True)
    # The provider was asked to give up by itself at this time.
    fuse_at = models.DateTimeField()
    error_class = models.CharField(_("error"), max_length=40, blank=True, default="")
    error_detail = models.TextField(_("provider's words"), blank=True, default="")
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    polls = models.PositiveSmallIntegerField(default=0)
    not_found = models.PositiveSmallIntegerField(default=0)
    provider_seconds = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    cancel_sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Attempt"]] = models.Manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["generation"], condition=Q(state__in=LIVE), name="attempt_one_alive"),
            models.UniqueConstraint(fields=["generation", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["provider", "external_id"], name="attempt_external_id_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="attempt_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.ACCEPTED) | Q(external_id__isnull=False), name="attempt_accepted_has_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id or self.state}"
