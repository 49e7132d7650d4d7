"""A fingerprint tells that two secrets are the same, and nothing else about them."""

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "providers.token.fingerprint"


def fingerprints(secret: str) -> list[str]:
    """Under SECRET_KEY, and under each former one that is still valid."""
    hmac_keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(SALT, secret, secret=key, algorithm="sha256").hexdigest() for key in hmac_keys]
