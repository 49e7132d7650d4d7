"""Tells Telegram where its updates go, when that has changed and once an hour; and clears away what is old."""

from datetime import timedelta

import structlog
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from notifications.telegram.client import Client
from notifications.telegram.errors import TelegramError
from notifications.telegram.line import Line, line
from notifications.telegram.models import Bot, LinkCode, Update

logger = structlog.get_logger(__name__)
CHECK_EVERY, TRY_EVERY = timedelta(hours=1), timedelta(seconds=20)
UPDATES_KEPT, CODES_KEPT = timedelta(days=30), timedelta(days=1)
HEARD = ["message", "callback_query", "my_chat_member"]


def ready_bot() -> Bot | None:
    """The bot, if Telegram knows it as it is configured now."""
    here = line()
    return Bot.objects.filter(fingerprint=here.fingerprint, problem="").first() if here else None


def state() -> str | Promise:
    """How it stands, for the operator."""
    here, bot = line(), ready_bot()
    if here is None:
        return _("No token is set, so nobody is offered Telegram. docs/telegram.md says how.")
    if not here.can_be_called:
        return _("Telegram calls back over https alone, and PUBLIC_URL is not https. Nobody can connect.")
    if bot is None:
        return _("Telegram does not know this bot yet, or does not accept it. The log says why; it is asked again.")
    if here.is_sandbox:
        return _("No token is set, so the demo's sandbox plays Telegram.")
    return format_lazy(_("@{name} is set up, and Telegram calls back."), name=bot.username)


def is_due() -> bool:
    here = line()
    return here is not None and not Bot.objects.exclude(_due(here)).exists()


def set_up() -> None:
    """Asks who the bot is and where its updates go. Two at once: one of them asks."""
    here = line()
    if here is None:
        return
    Bot.objects.get_or_create(pk=1)
    if not Bot.objects.filter(_due(here)).update(tried_at=Now()):
        return
    try:
        username = _tell(here)
    except TelegramError as error:
        logger.warning("telegram_not_set_up", reason=str(error))
        Bot.objects.update(problem=type(error).__name__[:40])
        return
    if not username:
        return
    Bot.objects.update(username=username, fingerprint=here.fingerprint, checked_at=Now(), problem="")
    _forget_old()


def _due(here: Line) -> Q:
    is_stale = Q(checked_at__isnull=True) | Q(checked_at__lt=Now() - CHECK_EVERY) | ~Q(fingerprint=here.fingerprint)
    return is_stale & (Q(tried_at__isnull=True) | Q(tried_at__lt=Now() - TRY_EVERY))


def _tell(here: Line) -> str:
    """The bot's name; "" when Telegram could not call us back."""
    if not here.can_be_called:
        logger.warning("telegram_needs_https", hint="PUBLIC_URL has to be https for Telegram to call back")
        Bot.objects.update(problem="needs_https")
        return ""
    client = Client(here)
    me = client.ask("getMe")
    client.ask("setWebhook", url=here.webhook_url, secret_token=here.secret, allowed_updates=HEARD)
    return str(me.get("username", ""))[:64] if isinstance(me, dict) else ""


def _forget_old() -> None:
    Update.objects.filter(received_at__lt=Now() - UPDATES_KEPT, processed_at__isnull=False).delete()
    LinkCode.objects.filter(expires_at__lt=Now() - CODES_KEPT).delete()
