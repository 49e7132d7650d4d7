"""Telegram as a channel: a bot that hands over what is ready and takes a few words back. See docs/telegram.md."""
