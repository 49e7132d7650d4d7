"""For who has lost phone and recovery codes: takes the second factor away from the machine itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Take a person's second factor away. Staff are asked to set up another one when they next come to /admin/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"There is no person with the e-mail {options['email']}. Nothing was changed.")
        if not second_factor.take_away(person):
            self.stdout.write(f"{person.email} has no second factor. Nothing was changed.")
            return
        self.stdout.write(f"The second factor and the recovery codes of {person.email} are gone; the password stays.")
