"""bin/manage seed_library: a library of any size in seconds, to look at and to measure. `--remove` takes it away."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from generations.library import seeding
from generations.library.samples import SUBJECTS, Sample, draw

BAR_WIDTH = 40
FILES = 3 * len(SUBJECTS)


class Command(BaseCommand):
    help = "Fill a person's library with made-up generations of the last year, which cost nothing and ask nobody."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--items", type=int, default=1000, metavar="N")
        parser.add_argument("--email", default="demo@example.com", help="whose library; demo@example.com unless told")
        parser.add_argument("--files", type=int, default=FILES, help="different files that the items share")
        parser.add_argument("--remove", action="store_true", help="take away what this command has put there")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        if options["remove"]:
            self.stdout.write(f"{seeding.remove(person)} removed")
            return
        run = seeding.Run(person)
        samples: list[Sample] = []
        for sample in draw(run.name, options["files"]):
            samples.append(sample)
            self._show("files", len(samples), options["files"])
        self._follow(run.fill(samples, options["items"]), options["items"])

    def _follow(self, progress: Iterator[int], total: int) -> None:
        for done in progress:
            self._show("items", done, total)

    def _show(self, what: str, done: int, total: int) -> None:
        bar = "█" * (BAR_WIDTH * done // total)
        end = "\n" if done >= total else "\r"
        self.stdout.write(f"{what} {bar:░<{BAR_WIDTH}} {done} of {total}", ending=end)
        self.stdout.flush()
