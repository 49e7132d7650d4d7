"""bin/manage addresses: where the running system listens, for programs and for a person with a question."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.local import record


class Command(BaseCommand):
    """Reads what bin/run wrote down; asks no server."""

    help = "Prints one JSON object: web, live, proxy, sandbox, database_url, redis_url."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails with a sentence when nothing runs."""
        facts = record.read_running(settings.DATA_DIR)
        if facts is None:
            raise CommandError("Nothing is running here. Start it with bin/run.")
        self.stdout.write(json.dumps(facts["addresses"]))
