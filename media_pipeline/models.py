"""The stored file as a row: whose it is and what is known of it. Bytes are in `storage`, links in `links`."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from media_pipeline.kept import KeptFile
from media_pipeline.sniffing import KINDS

ORIGINAL = "original"
VARIANTS = (ORIGINAL, "320", "640")
# What may stand in Content-Type, whatever a row says.
CONTENT_TYPES = frozenset(KINDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class AssetFile:
    """One variant of an asset, as it goes out."""

    key: str
    content_type: str
    etag: str
    filename: str


class AssetQuerySet(models.QuerySet["Asset"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def record(self, asset_id: UUID, user_id: int, kept: KeptFile) -> "Asset":
        """The row for a kept file; a second time it takes over the newer facts, as the files were overwritten too.

        Raises IntegrityError if the id or key is taken by another person's or another file's row.
        """
        facts: dict[str, Any] = asdict(kept)
        asset, _created = self.filter(user_id=user_id).update_or_create(
            pk=asset_id, defaults=facts, create_defaults={**facts, "user_id": user_id}
        )
        return asset

    def take(self, asset_id: UUID, user_id: int, kept: KeptFile) -> "Asset":
        """The row of a person's own file."""
        return self.create(pk=asset_id, user_id=user_id, is_upload=True, **asdict(kept))


class Asset(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assets")
    key = models.CharField(max_length=150, unique=True)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=32)
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # Of a video.
    duration_seconds = models.FloatField(null=True, blank=True)
    # Brought by the person, not made by a provider.
    is_upload = models.BooleanField(default=False)
    # {"320": key, "640": key} by the longer side; WebP all of them, of a video a still.
    thumbnails = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AssetQuerySet] = AssetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(size_bytes__gt=0, width__gt=0, height__gt=0), name="asset_is_not_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "-created_at", "-id"], condition=models.Q(is_upload=True), name="asset_uploads"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_video(self) -> bool:
        return self.content_type.startswith("video/")

    def file(self, variant: str) -> AssetFile | None:
        """The variant's key, type, validator and our own name for it; None for a variant this asset has not."""
        is_original = variant == ORIGINAL
        key = self.key if is_original else self.thumbnails.get(variant)
        if key is None:
            return None
        content_type = self.content_type if is_original else "image/webp"
        suffix = "" if is_original else f"-{variant}"
        extension = key.rsplit(".", 1)[-1]
        return AssetFile(
            key=key,
            content_type=content_type if content_type in CONTENT_TYPES else "application/octet-stream",
            etag=f'"{self.sha256}{suffix}"',
            filename=f"base-{self.created_at:%Y-%m-%d}-{self.id.hex[-8:]}{suffix}.{extension}",
        )
