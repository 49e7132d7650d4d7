"""When each kind of process last did real work. Read by /api/health and the operator's page."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

FRESH_SECONDS = 30


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def fresh(self) -> Self:
        return self.filter(beaten_at__gt=Now() - timedelta(seconds=FRESH_SECONDS))

    def beat(self, name: str) -> None:
        self.update_or_create(name=name, defaults={"beaten_at": Now()})


class Heartbeat(models.Model):
    name = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Heartbeat"]] = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
