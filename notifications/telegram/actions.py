"""What a person does in the browser: ask for a link to the bot. (To let the chat go, see steps.linking.)"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import qrcode
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from accounts.models import User
from notifications.telegram.line import line
from notifications.telegram.models import LinkCode, digest_of
from notifications.telegram.steps.setting_up import ready_bot

# 32 characters of the alphabet that a deep link may have, which takes 64.
NONCE_BYTES = 24


class NotSetUp(Exception):
    """There is no bot, or Telegram has not been told of it yet."""


@dataclass(frozen=True, slots=True)
class Link:
    """Shown once and not kept. picture: the same as an SVG for a telephone's camera."""

    url: str
    minutes: int

    @property
    def picture(self) -> str:
        picture = qrcode.make(self.url, image_factory=SvgPathImage, border=2)
        return str(picture.to_string(encoding="unicode"))


def make_link(user: User) -> Link:
    """A new link; former ones of the person stop working. Raises NotSetUp."""
    here, bot = line(), ready_bot()
    if here is None or bot is None:
        raise NotSetUp
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    expires_at = timezone.now() + timedelta(seconds=settings.TELEGRAM_LINK_SECONDS)
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        LinkCode.objects.filter(user=user, used_by__isnull=True).delete()
        LinkCode.objects.create(user=user, digest=digest_of(nonce), expires_at=expires_at)
    return Link(f"{here.start_url}/{bot.username}?start={nonce}", max(1, int(settings.TELEGRAM_LINK_SECONDS // 60)))
