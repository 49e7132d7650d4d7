"""System checks of a bucket: what is missing or contradicts itself, and with `check --deploy` whether it answers."""

import re
import secrets
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from media_pipeline import storage
from media_pipeline.shelf import StorageAway

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The proxy hands the path on, so nothing in it may have two spellings.
PREFIX = re.compile(r"(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?")
HINT = "docs/storage.md has an example of every variable."


def bucket_is_described(**kwargs: Any) -> list[CheckMessage]:
    """Asks nobody. Says no value but a name's."""
    if settings.MEDIA_STORAGE != "s3":
        return []
    return [Error(sentence, hint=HINT, id="media_pipeline.E003") for sentence in mistakes()]


def bucket_answers(**kwargs: Any) -> list[CheckMessage]:
    """Writes, reads and deletes one small object, as the workers will."""
    if settings.MEDIA_STORAGE != "s3" or bucket_is_described():
        return []
    key = storage.spool_key(f"check-{secrets.token_hex(8)}")
    try:
        with storage.parts() as new_part:
            part = new_part()
            part.write_bytes(b"a check")
            storage.place(part, key)
        storage.remove(key)
    except (FileNotFoundError, StorageAway) as error:
        said = str(error) if isinstance(error, StorageAway) else "What was written could not be read."
        return [Error(f"The bucket MEDIA_BUCKET names cannot be used: {said}", hint=HINT, id="media_pipeline.E004")]
    return []


def mistakes() -> Iterator[str]:
    """Of what is said of the bucket, whether or not it is in use; one sentence each."""
    if find_spec("storages") is None or find_spec("boto3") is None:
        yield "A bucket needs packages that are not installed: pip install -r requirements-s3.lock."
    if not settings.MEDIA_BUCKET:
        yield "Media shall lie in a bucket, but MEDIA_BUCKET is not set."
    elif not NAME.fullmatch(settings.MEDIA_BUCKET):
        yield f"MEDIA_BUCKET is {settings.MEDIA_BUCKET!r}, which no bucket can be called."
    if not settings.MEDIA_BUCKET_ENDPOINT:
        yield "Media shall lie in a bucket, but MEDIA_BUCKET_ENDPOINT is not set."
    elif not _is_origin(settings.MEDIA_BUCKET_ENDPOINT):
        yield "MEDIA_BUCKET_ENDPOINT must be like https://s3.example.org, without a path, a user or the bucket's name."
    if not PREFIX.fullmatch(settings.MEDIA_BUCKET_PREFIX):
        yield "MEDIA_BUCKET_PREFIX may have letters, digits, - and _, with / between."
    if bool(settings.MEDIA_BUCKET_ACCESS_KEY) != bool(settings.MEDIA_BUCKET_SECRET_KEY):
        yield "Of MEDIA_BUCKET_ACCESS_KEY and MEDIA_BUCKET_SECRET_KEY only one is set."


def _is_origin(address: str) -> bool:
    parts = urlsplit(address)
    is_bare = address == f"{parts.scheme}://{parts.netloc}" and "@" not in address
    return is_bare and parts.scheme in {"http", "https"} and bool(parts.hostname)
