"""Replicate's HTTP API as the sandbox speaks it: predictions, models, account, webhooks, delivery. No uploads."""
