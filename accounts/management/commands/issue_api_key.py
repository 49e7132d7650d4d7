"""Prints a new personal API key on its last line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import ApiKey, User


class Command(BaseCommand):
    help = "Issue a personal API key. The key is the last line printed and is shown only once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active person with the e-mail {options['email']}.")
        _row, key = ApiKey.objects.issue(user.pk, options["name"])
        self.stdout.write(key)
