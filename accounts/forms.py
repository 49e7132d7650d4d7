"""allauth's forms where they would tell who is here."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.http import HttpRequest

from accounts.models import User


class SignupForm(AllauthSignupForm):
    """A known address costs as much time as a new one: its password is hashed, too, and forgotten."""

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            User().set_password(self.cleaned_data.get("password1"))
        return super().try_save(request)
