"""What alice has, for others to try to get at; and a row of every table that Django admin shows."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils import timezone
from django_celery_beat import models as beat

from accounts import credits
from accounts.ids import uuid7
from accounts.models import ApiKey, User
from generations.actions import batching, filming
from generations.actions.requesting import Wish, request_generation
from generations.models import Attempt, Delivery, Export, Generation, Output, Timing, Unconfirmed
from media_pipeline import links, storage
from media_pipeline.models import Asset
from notifications.models import Delivery as Notice
from notifications.models import Notification, Preference
from providers.models import Token, TokenDay
from tests.media_pipeline import pictures


def give(alice: User) -> dict[str, str]:
    """Names in braces of tests.access.doors, and what they stand for."""
    ended = finished(alice)
    asset = Asset.objects.create(
        pk=uuid7(), user=alice, key="originals/00/hers.webp", sha256="0" * 64, size_bytes=4, width=1, height=1,
        content_type="image/webp", thumbnails={},
    )  # fmt: skip
    Output.objects.create(pk=asset.pk, generation=ended, index=0, state="stored", asset=asset)
    archive = Export.objects.create(user=alice, generation_ids=[ended.pk], state="ready")
    for key in (asset.key, archive.key):
        storage.path_of(key).parent.mkdir(parents=True, exist_ok=True)
        storage.path_of(key).write_bytes(pictures.encoded("WEBP", 8, 8))
    wish = Wish(model_id="flux-schnell", prompt="one of two")
    wishes = batching.spread(wish, [wish.model_id], 2)
    (first, *_others) = batching.request_batch(alice, wishes, key="", is_confirmed=True)
    return {
        "open": str(request_generation(alice, Wish(model_id="flux-schnell", prompt="under way")).generation.pk),
        "ended": str(ended.pk),
        "batch": str(first.batch_id),
        "archive": str(archive.pk),
        "told": str(notified(alice, ended).pk),
        "board": str(filming.make_board(alice, "hers").pk),
        "link": links.sign(asset.pk, "original", alice.pk).removeprefix("/"),
    }


def finished(alice: User) -> Generation:
    now = timezone.now()
    return Generation.objects.create(
        user=alice, stage="completed", status="completed", model="flux-schnell", model_name="FLUX",
        provider="replicate", task="text-to-image", prompt="ended", frame_width=1, frame_height=1, expected_seconds=1,
        cost_millicredits=0, completed_at=now, viewed_at=now, deadline_at=now,
    )  # fmt: skip


def notified(alice: User, generation: Generation) -> Notification:
    row = Notification.objects.create(user=alice, kind="completed", generation=generation, dedupe_key=f"x:{uuid7()}")
    Notice.objects.create(notification=row, channel="email", dedupe_key=Notice.key_of(row, "email"))
    return row


def in_doubt(alice: User) -> Unconfirmed:
    """Sent, and no answer; paid for from a hold."""
    now = timezone.now()
    row = Unconfirmed.objects.create(
        user=alice, stage="unconfirmed", status="processing", model="flux-schnell", model_name="FLUX", slot=5,
        provider="replicate", task="text-to-image", prompt="in doubt", frame_width=1, frame_height=1,
        expected_seconds=1, cost_millicredits=300, next_action_at=now + timedelta(hours=1), deadline_at=now,
    )  # fmt: skip
    Attempt.objects.create(
        generation=row, number=1, provider="replicate", endpoint="x", token_label="x", state="unknown",
        fuse_at=now + timedelta(hours=1), sent_at=now,
    )  # fmt: skip
    credits.hold(user_id=alice.pk, millicredits=300, reference=row.ledger_reference)
    return row


def rows_for_admin(alice: User) -> dict[type[models.Model], models.Model]:
    """One row of each table in the admin. KeyError in the test says that a table is missing here."""
    generation = Generation.objects.filter(user=alice).first()
    assert generation is not None
    token = Token.objects.create(provider="fal", label="spare", sealed_secret="x", fingerprint="x")
    made: list[models.Model] = [
        alice,
        ApiKey.objects.filter(user=alice)[0],
        generation,
        Attempt.objects.create(
            generation=generation, number=9, provider="fal", endpoint="x", token_label="x", state="dead",
            fuse_at=timezone.now() + timedelta(hours=1),
        ),
        Delivery.objects.create(
            provider="fal", dedupe="d", attempt_id=uuid7(), body=b"", headers={}, is_proof=True, outcome="", tries=0
        ),
        token,
        TokenDay.objects.create(token=token, day=timezone.now().date()),
        EmailAddress.objects.create(user=alice, email=alice.email),
        in_doubt(alice),
        Preference.objects.create(user=alice),
        notified(alice, generation),
        Timing.objects.create(model="x", p50_seconds=1, p95_seconds=2, samples=1, measured_at=timezone.now()),
        LogEntry.objects.create(user=alice, object_repr="x", action_flag=2),
        beat.ClockedSchedule.objects.create(clocked_time=timezone.now()),
        beat.CrontabSchedule.objects.create(),
        beat.IntervalSchedule.objects.create(every=1, period="hours"),
        beat.SolarSchedule.objects.create(event="sunset", latitude=1, longitude=1),
    ]  # fmt: skip
    made.append(beat.PeriodicTask.objects.create(name="x", task="x", interval=made[-2]))
    found = {type(row): row for row in made}
    for model in admin.site._registry:
        if model not in found and (row := model._default_manager.first()):
            found[model] = row
    return found
