"""A token's place that is taken. The row is there exactly as long as the place is.

It is written in the transaction that opens an attempt and deleted in the one that ends it, so a process that dies
leaves neither too many nor too few. Nothing counts up and down.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from providers.models.token import Token


class TokenUse(models.Model):
    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="uses")
    place = models.PositiveSmallIntegerField()
    # The caller's own id of the attempt; the pool knows no more of it.
    holder = models.UUIDField(unique=True)
    taken_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["TokenUse"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "place"], name="token_place_once")]
