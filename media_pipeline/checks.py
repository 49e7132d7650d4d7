"""System checks: what must be there before the first picture comes."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from PIL import features


def media_root_is_writable(**kwargs: Any) -> list[CheckMessage]:
    """The folder, or the nearest one above it that exists, can be written to. Creates nothing.

    A bucket is checked by bucket_checks; parts of files are written below DATA_DIR in any case.
    """
    location = settings.STORAGES["default"].get("OPTIONS", {}).get("location")
    root = folder = Path(location if settings.MEDIA_STORAGE == "local" else settings.DATA_DIR / "media")
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The media folder {root} cannot be written to.",
            hint="Give it to the user the processes run as, or set DATA_DIR to a folder that is.",
            id="media_pipeline.E001",
        )
    ]


def pillow_knows_the_kinds(**kwargs: Any) -> list[CheckMessage]:
    """Thumbnails are WebP; AVIF outputs come from some models."""
    return [
        Error(
            f"This Pillow cannot read and write {name.upper()}.",
            hint="Install Pillow from its wheel, which brings the codecs along.",
            id="media_pipeline.E002",
        )
        for name in ("webp", "avif")
        if not features.check(name)
    ]
