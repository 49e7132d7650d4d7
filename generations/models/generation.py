"""The wish and where it stands. `stage` is the law, `status` what people and programs see.

No row that is still open can lack a next action and a deadline, so "stuck" cannot be written down.
Stages change only in generations.lifecycle.
"""

from typing import ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5, Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from generations.models.batch import Batch
from media_pipeline.models import Asset


class Stage(models.TextChoices):
    QUEUED = "queued", _("In line")
    SUBMITTING = "submitting", _("Being sent")
    UNCONFIRMED = "unconfirmed", _("Waiting for the provider to confirm")
    RUNNING = "running", _("Generating")
    SAVING = "saving", _("Saving")
    COMPLETED = "completed", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Status(models.TextChoices):
    PENDING = "pending", _("pending")
    PROCESSING = "processing", _("processing")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Waiting(models.TextChoices):
    """What a row in line waits for; a place among its person's own needs no word."""

    TOKEN = "token"  # noqa: S105 (a word, not a secret)
    PROVIDER = "provider"
    # Its person has paused their line.
    PAUSE = "pause"


class Priority(models.IntegerChoices):
    """Who goes first in line; see generations.steps.lining."""

    LOW = -1, _("low")
    NORMAL = 0, _("normal")
    HIGH = 1, _("high")


STATUS_OF = {
    Stage.QUEUED: Status.PENDING,
    Stage.SUBMITTING: Status.PROCESSING,
    Stage.UNCONFIRMED: Status.PROCESSING,
    Stage.RUNNING: Status.PROCESSING,
    Stage.SAVING: Status.PROCESSING,
    Stage.COMPLETED: Status.COMPLETED,
    Stage.FAILED: Status.FAILED,
    Stage.CANCELLED: Status.CANCELLED,
}
ACTIVE = (Status.PENDING, Status.PROCESSING)
FINAL = (Stage.COMPLETED, Stage.FAILED, Stage.CANCELLED)
OPEN = tuple(stage for stage in Stage if stage not in FINAL)
BEFORE_OUTPUTS = (Stage.QUEUED, Stage.SUBMITTING, Stage.UNCONFIRMED, Stage.RUNNING)
# Sent, never answered, and ended all the same: by the fuse, or by an operator who found out that it has to be paid.
NEVER_CONFIRMED, CHARGED_BY_HAND = "submission_unconfirmed", "charged_unconfirmed"
ON_THE_DESK = Q(stage=Stage.UNCONFIRMED) | Q(error_code__in=[NEVER_CONFIRMED, CHARGED_BY_HAND])
WITH_SLOT = tuple(stage for stage in OPEN if stage is not Stage.QUEUED)


class GenerationQuerySet(models.QuerySet["Generation"]):
    def for_user(self, user: User) -> Self:
        """What this person may see: their own. Every look-up for a person starts here."""
        return self.filter(user_id=user.pk)

    def open(self) -> Self:
        """By status, as the partial index of active rows has it."""
        return self.filter(status__in=ACTIVE)

    def shown(self) -> Self:
        """Without what the person put in the trash of the library."""
        items = apps.get_model("generations", "Item").objects.filter(trashed_at__isnull=False)
        return self.exclude(Exists(items.filter(pk=OuterRef("pk"))))

    def unviewed(self) -> Self:
        return self.filter(viewed_at__isnull=True)

    def on_the_desk(self) -> Self:
        """Paid requests whose answer never came: what the money desk is about."""
        return self.filter(ON_THE_DESK)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def in_own_order(self) -> Self:
        """As a person's own places are given out: by priority, then who was moved to the front, then who came first."""
        return self.order_by("-priority", F("fronted_at").desc(nulls_last=True), "created_at", "id")

    def before_in_own_order(self, row: "Generation") -> Self:
        """Those that go before this one, among rows of the same person."""
        same = Q(priority=row.priority)
        if row.fronted_at is None:
            sooner = Q(fronted_at__isnull=False) | Q(created_at__lt=row.created_at)
        else:
            sooner = Q(fronted_at__gt=row.fronted_at)
        return self.filter(Q(priority__gt=row.priority) | (same & sooner))

    def due(self) -> Self:
        """Rows whose next step is overdue and that no one is working on."""
        return self.filter(next_action_at__lte=Now()).filter(Q(lease_until__isnull=True) | Q(lease_until__lt=Now()))

    def changed_since(self, seq: int) -> Self:
        return self.filter(change_seq__gt=seq).order_by("change_seq")

    def with_outputs(self) -> Self:
        """Files with their assets in one query, however many rows."""
        outputs = apps.get_model("generations", "Output").objects.select_related("asset")
        return self.prefetch_related(models.Prefetch("outputs", outputs))


class Generation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="generations")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.QUEUED)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PENDING)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)

    model = models.CharField(_("model"), max_length=80)
    model_name = models.CharField(_("model"), max_length=120)
    task = models.CharField(_("task"), max_length=32)
    provider = models.CharField(_("provider"), max_length=32)
    prompt = models.TextField(_("prompt"))
    params = models.JSONField(_("settings"), default=dict)
    seed = models.BigIntegerField(_("seed"), null=True, blank=True)
    # Expected pixels, so that a card has its place before the picture is there.
    frame_width = models.PositiveIntegerField()
    frame_height = models.PositiveIntegerField()
    expected_seconds = models.PositiveIntegerField()
    # What 95 of 100 like it stay below, as promised when it was asked for; null where history could not say.
    slow_seconds = models.PositiveIntegerField(null=True, blank=True)
    # What was ordered and is paid for; fewer that arrive cost less.
    outputs_expected = models.PositiveSmallIntegerField(_("files ordered"), default=1)
    cost_millicredits = models.PositiveBigIntegerField(_("cost, milli-credits"))
    refunded_millicredits = models.PositiveBigIntegerField(_("refunded, milli-credits"), default=0)
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    # When its person moved it to the front of what they have in line; the last one moved goes first.
    fronted_at = models.DateTimeField(null=True, blank=True)
    retry_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="retries")

    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, blank=True, related_name="generations")

    error_code = models.CharField(_("error"), max_length=40, blank=True, default="")
    created_at = models.DateTimeField(_("created"), db_default=Now())
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    completed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    viewed_at = models.DateTimeField(_("viewed"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(_("cancel requested"), null=True, blank=True)

    # The person's change number when this row last changed; the cursor of every open page counts these.
    change_seq = models.BigIntegerField(default=0)
    next_action_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    tries_in_stage = models.PositiveSmallIntegerField(default=0)
    hinted_at = models.DateTimeField(null=True, blank=True)
    hints = models.PositiveSmallIntegerField(default=0)
    submits = models.PositiveSmallIntegerField(default=0)
    # What a row in line waits for: "" a place, "token" one of the provider's, "provider" its recovery,
    # "pause" that its person lets the line go on.
    waits_for = models.CharField(_("waits for"), max_length=10, blank=True, default="")
    # Where it stood in the line for a token when it last looked; 1 is next. It looks again within a minute.
    place_in_line = models.PositiveIntegerField(_("place in line"), null=True, blank=True)

    objects: ClassVar[models.Manager["Generation"]] = GenerationQuerySet.as_manager()

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="generation_stage_known"),
            models.CheckConstraint(
                condition=models.Q(
                    *(Q(stage=stage, status=status) for stage, status in STATUS_OF.items()), _connector=Q.OR
                ),
                name="generation_status_follows_stage",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=FINAL, next_action_at__isnull=True)
                | Q(stage__in=OPEN, next_action_at__isnull=False),
                name="generation_open_has_next_action",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=WITH_SLOT, slot__isnull=False) | (~Q(stage__in=WITH_SLOT) & Q(slot__isnull=True)),
                name="generation_slot_while_working",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=FINAL, completed_at__isnull=False) | Q(stage__in=OPEN, completed_at__isnull=True),
                name="generation_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(error_code="") | Q(stage=Stage.FAILED), name="generation_error_only_when_failed"
            ),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="generation_priority_known"),
            models.CheckConstraint(condition=Q(outputs_expected__gte=1), name="generation_orders_something"),
            models.UniqueConstraint(
                fields=["user", "slot"], condition=Q(slot__isnull=False), name="generation_slot_once_per_person"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "status", "-created_at", "-id"], name="generation_user_status_created"),
            models.Index(fields=["user", "-created_at", "-id"], name="generation_user_created"),
            models.Index(
                fields=["user", "-created_at"],
                condition=Q(status__in=ACTIVE),
                name="generation_active",
            ),
            models.Index(
                fields=["user", "-created_at", "-id"], condition=Q(viewed_at__isnull=True), name="generation_unviewed"
            ),
            models.Index(
                fields=["next_action_at"], condition=Q(next_action_at__isnull=False), name="generation_next_action"
            ),
            # Whether the person has written the same words later: see generations.remembered.
            models.Index(F("user"), MD5("prompt"), F("created_at"), F("id"), name="generation_prompt"),
            models.Index(fields=["user", "change_seq"], name="generation_user_change"),
            models.Index(fields=["seed"], condition=Q(seed__isnull=False), name="generation_seed"),
            models.Index(
                fields=["provider"],
                condition=Q(stage=Stage.QUEUED, waits_for__in=[Waiting.TOKEN, Waiting.PROVIDER]),
                name="generation_line",
            ),
            models.Index(
                fields=["user", "provider", "-submitted_at"],
                condition=Q(submitted_at__isnull=False),
                name="generation_served",
            ),
            models.Index(fields=["-id"], condition=ON_THE_DESK, name="generation_on_the_desk"),
            # How long a model's work takes: see generations.measuring.
            models.Index(
                fields=["model", "-completed_at"],
                condition=Q(stage=Stage.COMPLETED, submitted_at__isnull=False),
                name="generation_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.id}"

    @property
    def is_final(self) -> bool:
        return self.stage in FINAL

    @property
    def is_charged(self) -> bool:
        """Its end was paid for, whether or not something of it was given back."""
        return self.stage == Stage.COMPLETED or self.error_code == CHARGED_BY_HAND

    @property
    def is_viewed(self) -> bool:
        return self.viewed_at is not None

    @property
    def is_cancelling(self) -> bool:
        return self.cancel_requested_at is not None and not self.is_final

    @property
    def assets(self) -> list[Asset]:
        """Stored files in order. Query-free after with_outputs(), and while there can be none yet."""
        if self.stage in BEFORE_OUTPUTS:
            return []
        outputs = sorted(self.outputs.all(), key=lambda output: output.index)
        return [output.asset for output in outputs if output.asset is not None]

    @property
    def ledger_reference(self) -> str:
        """What the ledger calls this wish."""
        return f"generation:{self.id}"
