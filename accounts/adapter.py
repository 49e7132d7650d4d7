"""allauth's seam: where people go after signing in, and what a new person starts with."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts import credits
from accounts.demo import is_locked_out
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """As everybody, but for demo people outside the demo, who are refused as late and as often as others."""
        person = super().authenticate(request, **credentials)
        return None if is_locked_out(str(credentials.get("email", ""))) else person

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """Saves a new person and their first credits together."""
        with transaction.atomic():
            person: User = super().save_user(request, user, form, commit=commit)
            if commit and settings.SIGNUP_CREDITS:
                credits.grant(
                    user_id=person.pk,
                    millicredits=settings.SIGNUP_CREDITS * credits.MILLI,
                    reference=f"sign-up:{person.pk}",
                )
        return person
