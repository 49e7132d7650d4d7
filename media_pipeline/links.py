"""Signed links to stored files. A link opens for one person only, and only together with that person's own sign-in."""

import base64
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from media_pipeline.models import VARIANTS

DAY_SECONDS = 86_400
SALT = "media_pipeline.links"
# 192 bits: no padding, and no character of the text has spare bits.
SIGNATURE_BYTES = 24
EXPIRY_MAX_DIGITS = 11


def sign(asset_id: UUID, variant: str, user_id: int, now: datetime | None = None) -> str:
    """The path of a link for that person, good for at least 24 hours from `now` and at most 48.

    The same within a UTC day, so that the browser's cache knows the file again. Raises ValueError for an unknown
    variant. Key: SECRET_KEY (HMAC-SHA256, RFC 2104); links made under SECRET_KEY_FALLBACKS stay good.
    """
    if variant not in VARIANTS:
        raise ValueError(f"{variant!r} is no variant")
    today = int((now or timezone.now()).timestamp()) // DAY_SECONDS
    expires = str((today + 2) * DAY_SECONDS)
    signature = _signature(settings.SECRET_KEY, asset_id, variant, user_id, expires)
    return f"{reverse('media', args=[asset_id, variant])}?exp={expires}&sig={signature}"


def absolute(asset_id: UUID, variant: str, user_id: int, now: datetime | None = None) -> str:
    """The same link under PUBLIC_URL, for programs."""
    return f"{settings.PUBLIC_URL}{sign(asset_id, variant, user_id, now)}"


def is_valid(asset_id: UUID, variant: str, user_id: int, query: Mapping[str, str], now: datetime | None = None) -> bool:
    """Whether `exp` and `sig` of this query were made here for this person and are not over."""
    expires, signature = query.get("exp", ""), query.get("sig", "")
    if not (signature.isascii() and expires.isascii() and expires.isdecimal() and len(expires) <= EXPIRY_MAX_DIGITS):
        return False
    if int(expires) <= (now or timezone.now()).timestamp():
        return False
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        constant_time_compare(signature, _signature(secret, asset_id, variant, user_id, expires)) for secret in secrets
    )


def _signature(secret: str | bytes, asset_id: UUID, variant: str, user_id: int, expires: str) -> str:
    message = f"{asset_id}:{variant}:{user_id}:{expires}"
    digest = salted_hmac(SALT, message, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode()
