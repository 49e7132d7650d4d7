"""The one list of channels that leave the studio. A new one is a line here and a module that keeps the contract."""

from functools import cache

from django.utils.module_loading import import_string

from accounts.models import User
from notifications.channels.contract import Channel

CHANNELS: dict[str, str] = {
    "email": "notifications.channels.email.Email",
    "telegram": "notifications.telegram.channel.Telegram",
}


@cache
def _made() -> dict[str, Channel]:
    return {name: import_string(path)() for name, path in CHANNELS.items()}


def channels() -> dict[str, Channel]:
    """All that the studio offers by name, in the order of the preferences."""
    return {name: channel for name, channel in _made().items() if channel.is_offered}


def available(person: User) -> list[Channel]:
    return [channel for channel in channels().values() if channel.is_available(person)]
