"""What happened to a generation, in order; append only. The timeline people read is made from it.

What of it is news bears no mark until somebody above took note of it: written with the stage, it cannot be lost.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from generations.models.generation import Generation


class Kind(models.TextChoices):
    QUEUED = "queued", _("Put in line")
    PAUSED = "paused", _("Paused: it stays in line and is not started")
    RESUMED = "resumed", _("Goes on: it may be started again")
    FRONTED = "fronted", _("Moved to the front of your line")
    SUBMITTING = "submitting", _("Being sent to the provider")
    ACCEPTED = "accepted", _("Accepted by the provider")
    UNCONFIRMED = "unconfirmed", _("The provider's answer got lost; asking again, not sending again")
    POSTPONED = "postponed", _("The provider is busy; sending again later")
    REROUTED = "rerouted", _("This provider cannot take it now; trying another one")
    STARTED = "started", _("Generating")
    WEBHOOK = "webhook", _("The provider called back")
    POLLED = "polled", _("The provider was asked and answered")
    SAVING = "saving", _("Saving the result")
    KEPT = "kept", _("A file was saved, thumbnails are ready")
    FILE_LOST = "file_lost", _("A file could not be saved")
    CANCEL_REQUESTED = "cancel_requested", _("Cancellation requested")
    CANCEL_SENT = "cancel_sent", _("The provider was asked to stop")
    COMPLETED = "completed", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    LATE = "late", _("The result arrived after the end; it is shown and not charged")
    LATE_AND_PAID = "late_and_paid", _("The result arrived after the end; it had been charged")
    # What an operator did by hand. People read that, and not who it was or why.
    CHARGED = "charged", _("The operator found that the provider did the work; it was charged")
    RELEASED = "released", _("The operator found that the provider did not charge; nothing was charged")
    REFUNDED = "refunded", _("The operator gave the credits back")


# What its person is told of even if they look elsewhere. Not that they cancelled it: they know.
NEWS = (Kind.COMPLETED, Kind.FAILED, Kind.LATE, Kind.LATE_AND_PAID, Kind.REFUNDED)


class EventQuerySet(models.QuerySet["Event"]):
    def news(self) -> Self:
        """Nobody has taken note of it yet."""
        return self.filter(kind__in=NEWS, noticed_at__isnull=True)


class Event(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    data = models.JSONField(_("data"), default=dict, blank=True)
    created_at = models.DateTimeField(_("when"), db_default=Now())
    # When its person was told, or it was found that they need not be.
    noticed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["generation", "id"], name="event_generation"),
            models.Index(fields=["id"], condition=Q(kind__in=NEWS, noticed_at__isnull=True), name="event_news"),
        ]

    def __str__(self) -> str:
        return self.kind
