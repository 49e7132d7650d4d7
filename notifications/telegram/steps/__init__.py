"""What workers do: tell Telegram where we are, hear updates, link chats, note what was closed."""
