"""As what a file goes along, by Telegram's limits."""

import pytest

from media_pipeline.models import Asset
from notifications.telegram.parcels import kind_of


@pytest.mark.parametrize(
    ("content_type", "size", "width", "height", "kind"),
    [
        ("image/webp", 1000, 1024, 1024, "photo"),
        ("image/jpeg", 10_000_000, 5000, 5000, "photo"),
        ("image/jpeg", 10_000_001, 5000, 5000, "document"),
        ("image/png", 1000, 5001, 5000, "document"),
        ("image/png", 1000, 2000, 100, "photo"),
        ("image/png", 1000, 2001, 100, "document"),
        ("image/gif", 1000, 100, 100, "document"),
        ("video/mp4", 50_000_000, 1920, 1080, "video"),
        ("video/webm", 1000, 1920, 1080, "document"),
        ("video/mp4", 50_000_001, 1920, 1080, None),
        ("image/png", 50_000_001, 100, 100, None),
    ],
)
def test_a_file_goes_as_what_telegram_takes(
    content_type: str, size: int, width: int, height: int, kind: str | None
) -> None:
    asset = Asset(content_type=content_type, size_bytes=size, width=width, height=height)
    assert kind_of(asset) == kind


def test_a_cutout_keeps_its_transparency() -> None:
    asset = Asset(content_type="image/webp", size_bytes=1000, width=512, height=512)
    assert kind_of(asset, is_cutout=True) == "document"
