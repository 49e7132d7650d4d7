"""Something that happened and that a person is told of, once. Its words are made when it is shown."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from generations.models import Generation, Output


class Kind(models.TextChoices):
    """The closed list. The labels stand in the preferences."""

    COMPLETED = "completed", _("A generation is ready")
    FAILED = "failed", _("A generation failed")
    LATE = "late", _("A result came after the end")
    REFUNDED = "refunded", _("Credits were given back")
    ARCHIVE = "archive", _("An archive is packed")
    CREDITS_LOW = "credits_low", _("Credits are running low")
    CHANNEL_OFF = "channel_off", _("A way to tell you has closed")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def for_user(self, user: User) -> Self:
        """What this person may see: their own. Every look-up for a person starts here."""
        return self.filter(user_id=user.pk)

    def in_bell(self) -> Self:
        """Without what is only sent, or only a sign of the page."""
        return self.filter(is_in_bell=True)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def with_generation(self) -> Self:
        """With what its words are made from, and as `picture` the asset of its first file, None where there is none."""
        files = Output.objects.filter(generation=OuterRef("generation"), asset__isnull=False).order_by("index")
        return self.select_related("generation").annotate(picture=Subquery(files.values("asset")[:1]))

    def seen_elsewhere(self) -> Self:
        """Unread, but its result was opened since."""
        return self.unread().filter(generation__viewed_at__gte=F("created_at"))


class Notification(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # What it tells of, in one word: an event, an archive, a grant. The same is never told twice.
    dedupe_key = models.CharField(max_length=80, unique=True, editable=False)
    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    # Figures for the words: millicredits, files, export.
    data = models.JSONField(_("data"), default=dict, blank=True)
    is_in_bell = models.BooleanField(default=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notification_kind_known"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_person"),
            models.Index(
                fields=["user", "-created_at"],
                condition=Q(is_in_bell=True, read_at__isnull=True),
                name="notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
