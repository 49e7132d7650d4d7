"""How often a token was used on a day, and how often it failed. Totals are sums of these rows."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from providers.models.token import Token


class TokenDay(models.Model):
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    requests = models.PositiveIntegerField(_("jobs"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)

    objects: ClassVar[models.Manager["TokenDay"]] = models.Manager()

    class Meta:
        verbose_name = _("day of a token")
        verbose_name_plural = _("days of a token")
        constraints = [models.UniqueConstraint(fields=["token", "day"], name="token_day_once")]
