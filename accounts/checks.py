"""What a deployment should know of its sign-in (`manage.py check --deploy`)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def sign_up_tells_nothing(**_: Any) -> list[CheckMessage]:
    """Only a letter to each new address keeps a stranger from learning which addresses are known."""
    if settings.IS_LOOPBACK or settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory":
        return []
    return [
        Warning(
            "Sign-up tells strangers whether an address is known here.",
            hint="Set EMAIL_HOST, so that new addresses are confirmed by letter, or EMAIL_VERIFICATION=mandatory.",
            id="accounts.W001",
        )
    ]
