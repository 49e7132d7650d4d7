"""One notification on its way out by one channel: the outbox. The row is the truth, a task is a hint.

Several rows may leave as one message; each is claimed, settled and counted by itself.

waiting ──► sending ──► sent | refused | unknown
   ▲           └──► waiting (surely not sent; again later)
   └ skipped: nobody wants it any more

What may have been sent is never sent again: see notifications.channels.contract.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from notifications.models.notification import Notification


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    UNKNOWN = "unknown", _("sent, answer unknown")
    SKIPPED = "skipped", _("no longer wanted")


OPEN = (State.WAITING, State.SENDING)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> Self:
        """To be sent now, or begun by somebody whose lease has run out."""
        return self.filter(state__in=OPEN, next_action_at__lte=Now())

    def together_with(self, delivery: "Delivery") -> Self:
        """This one if it is due, and what waits for the same person and channel, if it is new or due."""
        is_this = Q(pk=delivery.pk, next_action_at__lte=Now())
        is_along = Q(state=State.WAITING, channel=delivery.channel, notification__user=delivery.notification.user_id)
        is_ripe = Q(attempts=0) | Q(next_action_at__lte=Now())
        return self.filter(is_this | (is_along & is_ripe), state__in=OPEN)

    def with_all(self) -> Self:
        """With what a letter is made from."""
        return self.select_related("notification__user", "notification__generation")


class Delivery(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=12)
    # Notification and channel: two sweeps at once write down one delivery.
    dedupe_key = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # While it waits, when it is to be sent; while it is being sent, when that is taken for lost.
    next_action_at = models.DateTimeField(null=True, blank=True, db_default=Now())
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    hints = models.PositiveSmallIntegerField(default=0, editable=False)
    hinted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A word of ours for what came of it; never what the other side said.
    reason = models.CharField(_("reason"), max_length=40, blank=True, default="")
    created_at = models.DateTimeField(_("created"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("delivery of a notification")
        verbose_name_plural = _("deliveries of notifications")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="notice_delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, next_action_at__isnull=False, ended_at__isnull=True)
                | (~Q(state__in=OPEN) & Q(next_action_at__isnull=True, ended_at__isnull=False)),
                name="notice_delivery_open_has_next_action",
            ),
        ]
        indexes = [
            models.Index(fields=["next_action_at"], condition=Q(state__in=OPEN), name="notice_delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @staticmethod
    def key_of(notification: Notification, channel: str) -> str:
        return f"{notification.pk}:{channel}"


def ended(state: State, reason: str) -> dict[str, Any]:
    """The fields of a row that has come to its end."""
    return {"state": state, "reason": reason[:40], "next_action_at": None, "ended_at": Now()}
