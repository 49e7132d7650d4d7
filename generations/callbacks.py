"""The address a provider calls back to: it names the attempt and carries a key nobody can guess."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from generations.models import Attempt
from providers import status


def key_of(attempt_id: UUID, secret: str | None = None) -> str:
    """128 bits bound to the attempt, as 22 characters that are safe in a URL."""
    mac = hmac.new((secret or settings.SECRET_KEY).encode(), f"webhook:{attempt_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()[:16]).rstrip(b"=").decode()


def is_key_of(attempt_id: UUID, key: str) -> bool:
    """Constant time, over the present secret and those before it."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # A list, not a generator: every secret is compared, whichever matches.
    return any([hmac.compare_digest(key_of(attempt_id, secret).encode(), key.encode()) for secret in secrets])  # noqa: C419


def address_of(attempt: Attempt) -> str | None:
    """Where the provider may call back, or None when it could not reach us and the poller does the work."""
    base = status.callback_base(attempt.provider)
    return f"{base}/api/webhook/{attempt.provider}/{attempt.pk}/{key_of(attempt.pk)}" if base else None
