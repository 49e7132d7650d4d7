"""The nightly check of the ledger by hand."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from generations import auditing


class Command(BaseCommand):
    help = "Check the whole ledger: a line a finding, and a summary. Exits with 1 when something is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        found = auditing.check_ledger()
        for one in found:
            for row in one.rows:
                self.stdout.write(f"Not so: {one.promise}: {row}")
            if one.total > len(one.rows):
                self.stdout.write(f"Not so: {one.promise}: {one.total - len(one.rows)} more")
        findings, checks = sum(one.total for one in found), len(auditing.CHECKS)
        self.stdout.write(
            f"{findings} findings, {len(found)} of {checks} checks are broken."
            if found
            else f"Nothing is wrong: {checks} checks, 0 findings."
        )
        if found:
            sys.exit(1)
