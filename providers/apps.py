"""The app's entry in Django. Adapters themselves know no Django."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("Providers")

    def ready(self) -> None:
        # Checks look into the pool, whose models are not there before all apps are.
        from providers import checks  # noqa: PLC0415

        for check in (checks.check_catalogue, checks.check_providers, checks.check_webhooks, checks.check_keys):
            register(check)
