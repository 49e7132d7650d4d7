"""An archive a person asked for: which works, how far it is, where it lies until it is deleted."""

from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from media_pipeline.models import AssetFile


class State(models.TextChoices):
    PENDING = "pending", _("Being packed")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


ENDED = (State.READY, State.FAILED)


class ExportQuerySet(models.QuerySet["Export"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user_id=user.pk)

    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def news(self) -> Self:
        """Packed or given up, and nobody has taken note of it yet."""
        return self.filter(state__in=ENDED, noticed_at__isnull=True)

    def unclaimed(self) -> Self:
        """To be packed, and nobody is at it."""
        return self.pending().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=Now()))


class Export(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    generation_ids: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField())
    # Files that went in; what was no longer there is told in the archive itself.
    files = models.PositiveIntegerField(_("files"), default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    # When its person was told of its end.
    noticed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[ExportQuerySet] = ExportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="export_of_person"),
            models.Index(fields=["created_at"], condition=Q(state="pending"), name="export_pending"),
            models.Index(fields=["id"], condition=Q(state__in=ENDED, noticed_at__isnull=True), name="export_news"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def key(self) -> str:
        """Where it lies in the storage."""
        return f"exports/{self.pk.hex[-2:]}/{self.pk}.zip"

    @property
    def file(self) -> AssetFile:
        name = f"base-{self.created_at:%Y-%m-%d}-{self.pk.hex[-8:]}.zip"
        return AssetFile(key=self.key, content_type="application/zip", etag=f'"{self.pk}"', filename=name)
