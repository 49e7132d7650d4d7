"""Where the Bot API is and as which bot it is spoken to; None where the operator has no bot."""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import salted_hmac

SANDBOX_TOKEN = "sandbox"  # noqa: S105 (no secret: it opens nothing but the sandbox)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """token: "<bot's id>:<secret>", a part of every address, so that none may be quoted. start_url: of deep links."""

    base_url: str
    token: str = field(repr=False)
    start_url: str
    is_sandbox: bool

    @property
    def bot(self) -> str:
        """Which bot; its updates are numbered by themselves."""
        return self.token.partition(":")[0][:20]

    @property
    def secret(self) -> str:
        """What Telegram has to send along with an update: our own, made from the studio's key and the token."""
        return salted_hmac("telegram webhook", self.token, algorithm="sha256").hexdigest()

    @property
    def webhook_url(self) -> str:
        return f"{settings.PUBLIC_URL}/api/telegram/webhook"

    @property
    def can_be_called(self) -> bool:
        """Telegram calls back over https alone."""
        return self.is_sandbox or settings.PUBLIC_URL.startswith("https://")

    @property
    def fingerprint(self) -> str:
        """Changes with anything that Telegram has to be told of."""
        return hashlib.sha256(f"{self.base_url} {self.webhook_url} {self.secret}".encode()).hexdigest()


def line() -> Line | None:
    """The operator's bot; without one the sandbox, in a demo that has it."""
    if settings.TELEGRAM_BOT_TOKEN:
        return Line(
            base_url=settings.TELEGRAM_BASE_URL,
            token=settings.TELEGRAM_BOT_TOKEN,
            start_url="https://t.me",
            is_sandbox=False,
        )
    if settings.EMBEDDED and settings.SANDBOX_URL:
        url = f"{settings.SANDBOX_URL}/telegram"
        return Line(base_url=url, token=SANDBOX_TOKEN, start_url=f"{url}/t.me", is_sandbox=True)
    return None
