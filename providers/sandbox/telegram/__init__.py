"""Telegram's Bot API as the sandbox speaks it: one bot's messages, files, buttons and webhook, and people to play."""
