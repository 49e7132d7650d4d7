"""Rows of the Telegram channel: the bot as it is set up, people's chats, links that wait, and the inbox of updates."""

import hashlib
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.ids import uuid7


class Bot(models.Model):
    """One row. What Telegram was told last, and what it said."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    username = models.CharField(max_length=64, blank=True, default="")
    # Of the line as Telegram knows it; another one has to be told first.
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    checked_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    # A word of ours.
    problem = models.CharField(max_length=40, blank=True, default="")

    objects: ClassVar[models.Manager["Bot"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="telegram_one_bot")]

    def __str__(self) -> str:
        return self.username


class ChatQuerySet(models.QuerySet["Chat"]):
    def working(self) -> Self:
        """Those that can be written to, as far as is known."""
        return self.filter(blocked_at__isnull=True)

    def to_be_noted(self) -> Self:
        """Closed by their person, who has not been told what that means."""
        return self.filter(blocked_at__isnull=False, noted_at__isnull=True)


class Chat(models.Model):
    """A person's private chat with the bot: one a person, and one person a chat."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="telegram_chat"
    )
    chat_id = models.BigIntegerField(unique=True)
    # As they call themselves there.
    name = models.CharField(max_length=64, blank=True, default="")
    linked_at = models.DateTimeField(db_default=Now())
    blocked_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ChatQuerySet] = ChatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["blocked_at"],
                condition=Q(blocked_at__isnull=False, noted_at__isnull=True),
                name="telegram_to_be_noted",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LinkCodeQuerySet(models.QuerySet["LinkCode"]):
    def of(self, nonce: str) -> Self:
        return self.filter(digest=digest_of(nonce))


class LinkCode(models.Model):
    """A link that opens the bot as a certain person, once. Only its digest is kept: 192 random bits need no salt."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    # Whose update used it up: that one may be heard twice.
    used_by = models.UUIDField(null=True, blank=True)

    objects: ClassVar[LinkCodeQuerySet] = LinkCodeQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.pk)


class UpdateQuerySet(models.QuerySet["Update"]):
    def due(self) -> Self:
        return self.filter(processed_at__isnull=True, next_try_at__lte=Now())


class Update(models.Model):
    """The inbox: every update whose secret was right, as it came, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bot = models.CharField(max_length=20)
    update_id = models.BigIntegerField()
    body = models.BinaryField()
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True, blank=True)
    # Whoever hears it moves this on, so that nobody else does meanwhile.
    next_try_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True, default="")

    objects: ClassVar[UpdateQuerySet] = UpdateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bot", "update_id"], name="telegram_update_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], condition=Q(processed_at__isnull=True), name="telegram_update_due")
        ]

    def __str__(self) -> str:
        return f"{self.bot} {self.update_id}"


def digest_of(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
