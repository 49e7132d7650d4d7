"""A phone with an authenticator app, for tests: the codes that are right now."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from accounts.models import User

PASSWORD = "rather-long-and-new-7"
PERIOD_SECONDS = 30


def code_of(secret: str, periods_ago: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS - periods_ago)))


def set_up(person: User) -> str:
    """The secret of a new app, with recovery codes beside it."""
    secret = str(generate_totp_secret())
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def recovery_codes(person: User) -> list[str]:
    row = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = row.wrap().get_unused_codes()
    return codes


def show(client: Client, path: str, secret: str) -> Any:
    """Posts a right code. Tests are faster than thirty seconds, so its being used up is forgotten first."""
    cache.clear()
    return client.post(path, {"code": code_of(secret)})


def secret_on(page: Any) -> str:
    """The key that stands below the QR code."""
    found = re.search(r'class="qr-key">([A-Z2-7]+)<', page.content.decode())
    assert found is not None
    return found[1]
