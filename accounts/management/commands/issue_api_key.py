"""Prints a new personal API key on its last line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import ApiKey, User
from accounts.scopes import ALL, UnknownScope, in_order


class Command(BaseCommand):
    help = "Issue a personal API key. The key is the last line printed and is shown only once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")
        every = ",".join(ALL)
        parser.add_argument("--scopes", default=every, help=f"What it may be used for, of {every}; all unless told.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scopes = in_order(options["scopes"].split(","))
        except UnknownScope as reason:
            raise CommandError(f"There is no such scope in {options['scopes']!r}. {reason} No key was made.") from None
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active person with the e-mail {options['email']}.")
        _row, key = ApiKey.objects.issue(user.pk, options["name"], scopes)
        self.stdout.write(key)
