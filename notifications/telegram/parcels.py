"""Which file of a generation goes along with a message, and as what: Telegram's limits, and what it does to pictures.

Bots may send photos of 10 MB and other files of 50 MB; a photo's sides may not add up to more than 10000, nor differ by
more than 20 times (core.telegram.org/bots/api#sendphoto). A photo is made smaller and loses its transparency there.
"""

import structlog

from generations.models import Generation
from media_pipeline import copies, slots, storage
from media_pipeline.errors import MediaError
from media_pipeline.models import ORIGINAL, Asset
from notifications.telegram.client import File

logger = structlog.get_logger(__name__)
MEGABYTE = 1_000_000
MOST_PHOTO_BYTES, MOST_BYTES = 10 * MEGABYTE, 50 * MEGABYTE
MOST_SIDES, MOST_RATIO = 10_000, 20
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})


class Busy(Exception):
    """The file cannot be made ready now; a moment later it can."""


def parcel_of(row: Generation) -> File | None:
    """The first file, without anything that stands beside its pixels; None for one that Telegram would not take.

    row: with its outputs. Raises Busy.
    """
    asset = next(iter(row.assets), None)
    kind = kind_of(asset, is_cutout=row.task == "remove-background") if asset else None
    file = asset.file(ORIGINAL) if asset else None
    if kind is None or file is None:
        return None
    try:
        copy = copies.copy_of(file)
    except (slots.NoFreeSlot, storage.DiskFull, storage.StorageAway) as error:
        raise Busy from error
    except (MediaError, FileNotFoundError) as error:
        logger.warning("telegram_file_left_out", generation_id=str(row.pk), error=type(error).__name__)
        return None
    with copy.body as body:
        content = body.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return None
    return File(kind=kind, name=copy.filename, content_type=copy.content_type, content=content)


def kind_of(asset: Asset, *, is_cutout: bool = False) -> str | None:
    """photo, video or document; None for what is too large for any."""
    if asset.size_bytes > MOST_BYTES:
        return None
    if asset.content_type == "video/mp4":
        return "video"
    is_photo = asset.content_type in PHOTOS and asset.size_bytes <= MOST_PHOTO_BYTES and not is_cutout
    long, short = max(asset.width, asset.height), min(asset.width, asset.height)
    return "photo" if is_photo and long + short <= MOST_SIDES and long <= short * MOST_RATIO else "document"
