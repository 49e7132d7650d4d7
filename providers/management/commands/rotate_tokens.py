"""Seals every secret in the database anew with the first key of FERNET_KEYS, so that the older keys can be dropped."""

from typing import Any

from accounts import authenticators
from django.core.management.base import BaseCommand, CommandError

from providers.pool.rotating import rotate


class Command(BaseCommand):
    help = "Re-encrypt provider tokens and second factors with the first of FERNET_KEYS. Safe to stop and to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate()
        factors = authenticators.reseal()
        self.stdout.write(f"Sealed anew: {done.sealed_anew}. Sealed with the first key already: {done.already_new}.")
        self.stdout.write(f"Second factors sealed anew: {factors.sealed_anew}.")
        sentences = []
        if done.unreadable:
            numbers = ", ".join(f"#{number}" for number in done.unreadable)
            sentences.append(
                f"No key of FERNET_KEYS opens {numbers}. They were left as they are: put the key they were sealed with "
                "back into FERNET_KEYS, or give them their secrets anew in the admin. Do not drop older keys yet."
            )
        if factors.unreadable:
            people = ", ".join(sorted(set(factors.unreadable)))
            sentences.append(
                f"No key of FERNET_KEYS opens the second factor of {people}. Put the key back into FERNET_KEYS, or run "
                "reset_second_factor for each of them."
            )
        if sentences:
            raise CommandError(" ".join(sentences))
