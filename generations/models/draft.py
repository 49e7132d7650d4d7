"""What stands in a person's composer and is not yet asked for: one row a person and room, so that any device has it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast, Length, Now
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# Characters of the JSON text: many times the longest description there is a model for.
MAX_CHARS = 65_536


class Room(models.TextChoices):
    """The pages with a composer, each with a draft of its own."""

    CREATE = "create"
    INPAINT = "inpaint"
    EXPAND = "expand"


class DraftQuerySet(models.QuerySet["Draft"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user_id=user.pk)


class Draft(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    room = models.CharField(max_length=10, choices=Room.choices)
    # The fields of the form as a browser sends them: name → list of texts.
    content = models.JSONField()
    # What it took the place of when an earlier result was taken into the composer, and by which page, for Undo.
    former = models.JSONField(null=True)
    taken = models.UUIDField(null=True)
    updated_at = models.DateTimeField(_("changed"), db_default=Now())

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "room"], name="draft_once_a_room"),
            models.CheckConstraint(condition=models.Q(room__in=Room.values), name="draft_room_known"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length(Cast("content", models.TextField())), MAX_CHARS), name="draft_is_small"
            ),
            models.CheckConstraint(
                condition=models.Q(former__isnull=True) | models.Q(taken__isnull=False),
                name="draft_former_was_taken_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} of {self.user_id}"
