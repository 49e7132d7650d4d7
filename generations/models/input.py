"""The files a wish brings along, by slot, and what stands for them at a provider."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from generations.models.generation import Generation
from media_pipeline.models import Asset


class Input(models.Model):
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="inputs")
    slot = models.CharField(_("slot"), max_length=20)
    index = models.PositiveSmallIntegerField()
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Input"]] = models.Manager()

    class Meta:
        verbose_name = _("input file")
        verbose_name_plural = _("input files")
        constraints = [
            models.UniqueConstraint(fields=["generation", "slot", "index"], name="input_once_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.index}"


class HandedOver(models.Model):
    """A file that a provider has, so that it is not uploaded again for every job while it is there."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=32)
    token_label = models.CharField(max_length=80)
    reference = models.CharField(max_length=2000)
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager["HandedOver"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "provider", "token_label"], name="handed_over_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"
