"""Replicate's HTTP API as the sandbox speaks it: predictions, files, models, account, webhooks, delivery."""
