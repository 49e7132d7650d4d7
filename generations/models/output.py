"""One file a provider made, and the asset it became."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from generations.models.generation import Generation
from media_pipeline.models import Asset

MAX_OUTPUTS = 16
MAX_URL = 2000


class State(models.TextChoices):
    PENDING = "pending", _("to be fetched")
    STORED = "stored", _("stored")
    FAILED = "failed", _("lost")


class Output(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="outputs")
    index = models.PositiveSmallIntegerField()
    source_url = models.CharField(_("source"), max_length=MAX_URL)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="output")
    # Came after the generation had ended: shown, never charged.
    is_late = models.BooleanField(_("late"), default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(_("error"), max_length=40, blank=True, default="")

    objects: ClassVar[models.Manager["Output"]] = models.Manager()

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        constraints = [
            models.UniqueConstraint(fields=["generation", "index"], name="output_index_once"),
            models.CheckConstraint(
                condition=Q(state=State.STORED, asset__isnull=False) | (~Q(state=State.STORED) & Q(asset__isnull=True)),
                name="output_stored_has_asset",
            ),
        ]
        indexes = [models.Index(fields=["generation"], condition=Q(state="pending"), name="output_pending")]

    def __str__(self) -> str:
        return f"{self.generation_id} #{self.index}"
