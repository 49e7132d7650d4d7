"""What a person wants to be told of, by which channel, and when not. Without a row everything is as by default."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Preference(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notification_preference"
    )
    # Names of channels by kind; a kind that is not named is as by default (notifications.wishes).
    channels = models.JSONField(_("channels"), default=dict, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    objects: ClassVar[models.Manager["Preference"]] = models.Manager()

    class Meta:
        verbose_name = _("wishes about notifications")
        verbose_name_plural = _("wishes about notifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="preference_quiet_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)
