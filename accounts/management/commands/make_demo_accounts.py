"""Demo people with credits, for the embedded run on loopback only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import credits
from accounts.models import User
from accounts.rules import Role

DEMO_PEOPLE = (
    ("demo@example.com", "demo-base-2026", Role.USER),
    ("admin@example.com", "admin-base-2026", Role.SUPER_ADMIN),
)
DEMO_CREDITS = 1000


class Command(BaseCommand):
    help = "Make the demo accounts, each with 1000 credits. Refused outside the embedded run on loopback."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.EMBEDDED and settings.IS_LOOPBACK):
            raise CommandError("Demo accounts have known passwords; they are made only by bin/run on loopback.")
        for email, password, role in DEMO_PEOPLE:
            if User.objects.filter(email=email).exists():
                continue
            with transaction.atomic(durable=True):
                user = User.objects.create_user(email, password, role=role)
                credits.grant(user_id=user.pk, millicredits=DEMO_CREDITS * credits.MILLI, reference=f"demo:{user.pk}")
            self.stdout.write(f"{email} / {password}")
