"""App configuration of accounts."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from accounts import checks


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and credits")

    def ready(self) -> None:
        register(checks.sign_up_tells_nothing, Tags.security, deploy=True)
