"""App configuration of the Telegram channel."""

from django.apps import AppConfig


class TelegramConfig(AppConfig):
    name = "notifications.telegram"
    label = "telegram"
    verbose_name = "Telegram"
