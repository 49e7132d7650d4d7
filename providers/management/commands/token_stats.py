"""Prints how the provider tokens are doing: a table for people, or JSON for programs."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from providers.pool import overview

COLUMNS = ("provider", "name", "state", "in flight", "today", "jobs", "errors", "next try")


class Command(BaseCommand):
    help = "Show the token pool: state, jobs in flight and today, totals, errors. Secrets are never shown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        tokens = overview.every_token()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(token) for token in tokens], default=str))
            return
        rows = [COLUMNS, *(_row(token) for token in tokens)]
        widths = [max(len(row[index]) for row in rows) for index in range(len(COLUMNS))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(token: overview.Figures) -> tuple[str, ...]:
    return (
        token.provider,
        token.name,
        token.state if token.is_enabled else "switched off",
        f"{token.in_flight}/{token.max_in_flight}",
        f"{token.used_today}" if token.daily_cap is None else f"{token.used_today}/{token.daily_cap}",
        str(token.requests),
        str(token.errors),
        token.next_try_at.isoformat(timespec="seconds") if token.next_try_at else "",
    )
