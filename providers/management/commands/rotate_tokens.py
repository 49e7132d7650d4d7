"""Seals every provider token anew with the first key of FERNET_KEYS, so that the older keys can be dropped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers.pool.rotating import rotate


class Command(BaseCommand):
    help = "Re-encrypt provider tokens with the first of FERNET_KEYS. Safe to stop and to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate()
        self.stdout.write(f"Sealed anew: {done.sealed_anew}. Sealed with the first key already: {done.already_new}.")
        if done.unreadable:
            numbers = ", ".join(f"#{number}" for number in done.unreadable)
            raise CommandError(
                f"No key of FERNET_KEYS opens {numbers}. They were left as they are: put the key they were sealed with "
                "back into FERNET_KEYS, or give them their secrets anew in the admin. Do not drop older keys yet."
            )
