"""A model that a person keeps at the top of the list of models, on any device."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class PinQuerySet(models.QuerySet["Pin"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user_id=user.pk)


class Pin(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(_("model"), max_length=80)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects: ClassVar[PinQuerySet] = PinQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("pinned model")
        verbose_name_plural = _("pinned models")
        constraints = [models.UniqueConstraint(fields=["user", "model"], name="pin_once_a_model")]

    def __str__(self) -> str:
        return f"{self.model} of {self.user_id}"
