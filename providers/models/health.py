"""The breaker's memory: how the calls of the last minute went at one endpoint of a provider."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class ProviderHealth(models.Model):
    provider = models.CharField(max_length=32)
    endpoint = models.CharField(max_length=160)
    window_started_at = models.DateTimeField(db_default=Now())
    calls = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    # Nothing is sent before this. Past, and not cleared: one call at a time tries whether it is over.
    open_until = models.DateTimeField(null=True, blank=True)
    trial_until = models.DateTimeField(null=True, blank=True)
    # How often it was opened without a good call in between.
    openings = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["ProviderHealth"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "endpoint"], name="provider_health_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.endpoint}"
