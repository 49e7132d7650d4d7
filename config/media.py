"""Where media lie: in a folder of this machine, or in a bucket that speaks S3. docs/storage.md has the whole story.

What is missing or contradicts itself is told by media_pipeline.checks, in sentences; here it is only read.
"""

import sys
from pathlib import Path
from typing import Any

from config import env

MEDIA_STORAGE = env.choice("MEDIA_STORAGE", "local", "s3")
MEDIA_BUCKET = env.text("MEDIA_BUCKET", "")
MEDIA_BUCKET_ENDPOINT = env.text("MEDIA_BUCKET_ENDPOINT", "").rstrip("/")
MEDIA_BUCKET_REGION = env.text("MEDIA_BUCKET_REGION", "us-east-1")
# Where the bucket's name stands in its address: path, or host ("virtual").
MEDIA_BUCKET_STYLE = env.choice("MEDIA_BUCKET_STYLE", "path", "virtual")
MEDIA_BUCKET_PREFIX = env.text("MEDIA_BUCKET_PREFIX", "").strip("/")
# Both or none; without them the machine's own role is asked, as Amazon's tools do.
MEDIA_BUCKET_ACCESS_KEY = env.text("MEDIA_BUCKET_ACCESS_KEY", "")
MEDIA_BUCKET_SECRET_KEY = env.text("MEDIA_BUCKET_SECRET_KEY", "")


def folder(data_dir: Path) -> dict[str, Any]:
    """STORAGES["default"] for files on this machine."""
    return {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": data_dir / "media"}}


def bucket(said: Any) -> dict[str, Any]:
    """STORAGES["default"] for files in the bucket these settings describe, whether or not it is the one in use."""
    options = {
        "bucket_name": said.MEDIA_BUCKET,
        "endpoint_url": said.MEDIA_BUCKET_ENDPOINT,
        "region_name": said.MEDIA_BUCKET_REGION,
        "addressing_style": said.MEDIA_BUCKET_STYLE,
        "location": said.MEDIA_BUCKET_PREFIX,
        "access_key": said.MEDIA_BUCKET_ACCESS_KEY,
        "secret_key": said.MEDIA_BUCKET_SECRET_KEY,
    }
    given = {name: value for name, value in options.items() if value}
    return {"BACKEND": "media_pipeline.bucket.Bucket", "OPTIONS": given}


def storage(data_dir: Path) -> dict[str, Any]:
    """STORAGES["default"], as MEDIA_STORAGE says."""
    return bucket(sys.modules[__name__]) if MEDIA_STORAGE == "s3" else folder(data_dir)
