"""bin/run's own step before anything serves: one process, because starting Django costs more than all three."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from providers import catalogue


class Command(BaseCommand):
    """Runs as the owner of the tables."""

    help = "Migrates, and on request collects static files and makes the demo accounts."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Both are left to the caller, who knows whether anything changed and whose machine this is."""
        parser.add_argument("--static", action="store_true")
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what the demo has to say and nothing else. A mistake in the catalogue ends it first."""
        try:
            catalogue.all_models()
        except catalogue.CatalogueError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", interactive=False, verbosity=0)
        if options["static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"]:
            call_command("make_demo_accounts", stdout=self.stdout)
