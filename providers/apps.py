"""The app's entry in Django. Adapters themselves know no Django."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from providers.checks import check_catalogue, check_providers, check_webhooks


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("Providers")

    def ready(self) -> None:
        for check in (check_catalogue, check_providers, check_webhooks):
            register(check)
