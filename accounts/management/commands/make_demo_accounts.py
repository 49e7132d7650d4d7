"""Demo people with credits, for the embedded run on loopback only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import credits
from accounts.demo import DEMO_PEOPLE, is_demo_allowed
from accounts.models import User

DEMO_CREDITS = 1000


class Command(BaseCommand):
    help = "Make the demo accounts, each with 1000 credits. Refused outside the embedded run on loopback."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_demo_allowed():
            raise CommandError("Demo accounts have known passwords; they are made only by bin/run on loopback.")
        for email, password, role in DEMO_PEOPLE:
            self.stdout.write(f"{email} / {password}")
            if User.objects.filter(email=email).exists():
                continue
            with transaction.atomic(durable=True):
                user = User.objects.create_user(email, password, role=role)
                credits.grant(user_id=user.pk, millicredits=DEMO_CREDITS * credits.MILLI, reference=f"demo:{user.pk}")
