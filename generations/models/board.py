"""A film in the making: keyframes in a row, and how the film goes on from each of them to the next."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from generations.models.generation import Generation
from media_pipeline.models import Asset

MOST_KEYFRAMES = 12
MAX_TITLE, MAX_WORDS = 120, 2000


class BoardQuerySet(models.QuerySet["Board"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user_id=user.pk)

    def with_pictures(self) -> Self:
        """The keyframes that have a picture, in their order, as `pictures` of each: one query, however many boards."""
        held = Keyframe.objects.filter(asset__isnull=False).select_related("asset").order_by("index")
        return self.prefetch_related(models.Prefetch("keyframes", held, to_attr="pictures"))


class Board(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=MAX_TITLE, blank=True, default="")
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects: ClassVar[BoardQuerySet] = BoardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("film of keyframes")
        verbose_name_plural = _("films of keyframes")
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="board_of_person")]

    def __str__(self) -> str:
        return self.title or str(self.pk)


class Keyframe(models.Model):
    """A picture, and the segment from it to the next one. The last one's segment leads nowhere.

    What was made for a segment is not written here: its takes are what was made of these two pictures.
    """

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="keyframes")
    index = models.PositiveSmallIntegerField()
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    model = models.CharField(_("model"), max_length=80, blank=True, default="")
    prompt = models.TextField(_("prompt"), max_length=MAX_WORDS, blank=True, default="")
    # A choice of the model's; empty for its own.
    duration = models.CharField(max_length=8, blank=True, default="")
    chosen = models.ForeignKey(Generation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["Keyframe"]] = models.Manager()

    class Meta:
        verbose_name = _("keyframe")
        verbose_name_plural = _("keyframes")
        constraints = [
            models.UniqueConstraint(
                fields=["board", "index"], name="keyframe_once_per_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=models.Q(index__lt=MOST_KEYFRAMES), name="keyframes_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.index}"
