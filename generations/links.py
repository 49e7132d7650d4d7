"""Private links to a generation's files, signed for their owner."""

from django.utils import timezone

from media_pipeline import links as media_links
from media_pipeline.models import Asset


def relative(asset: Asset, variant: str) -> str:
    """For a page of our own."""
    return media_links.sign(asset.pk, variant, asset.user_id, timezone.now())


def absolute(asset: Asset, variant: str) -> str:
    """For programs: with PUBLIC_URL."""
    return media_links.absolute(asset.pk, variant, asset.user_id, timezone.now())
