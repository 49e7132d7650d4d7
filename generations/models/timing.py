"""How long work has taken lately, one row for each model and each kind of its work."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Timing(models.Model):
    """From sending to the kept result. kind "": all of the model's work. Written by generations.measuring alone."""

    model = models.CharField(_("model"), max_length=80)
    kind = models.CharField(_("kind of work"), max_length=80, blank=True, default="")
    p50_seconds = models.FloatField(_("usual seconds (p50)"))
    p95_seconds = models.FloatField(_("almost always under, seconds (p95)"))
    samples = models.PositiveIntegerField(_("measured works"))
    measured_at = models.DateTimeField(_("measured"))

    objects: ClassVar[models.Manager["Timing"]] = models.Manager()

    class Meta:
        verbose_name = _("usual time")
        verbose_name_plural = _("usual times")
        constraints = [
            models.UniqueConstraint(fields=["model", "kind"], name="timing_once_per_kind"),
            models.CheckConstraint(
                condition=Q(samples__gte=1, p50_seconds__gte=0, p95_seconds__gte=F("p50_seconds")),
                name="timing_is_measured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.kind}".rstrip()
