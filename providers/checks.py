"""What is wrong with the providers' settings, said at start as sentences (`manage.py check`). Nothing is called."""

from typing import Any
from urllib.parse import urlsplit

from accounts.sealing import keys
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning
from django.core.exceptions import ImproperlyConfigured

from providers import catalogue
from providers.pool import memory
from providers.registry import ADAPTERS, webhook_secrets
from providers.signatures import key_of
from providers.status import ProviderStatus, describe, token_variable, webhooks_can_arrive
from providers.tokens import works_here

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def check_catalogue(**_: Any) -> list[CheckMessage]:
    """The catalogue can be read, and its routes lead to providers that exist; one that does not is never taken."""
    try:
        models = catalogue.all_models()
    except catalogue.CatalogueError as error:
        return [Error(str(error), id="providers.E001")]
    return [
        Warning(f"{model.id} has a route to {route.provider!r}, which is not a provider here.", id="providers.W003")
        for model in models
        for route in model.routes
        if route.provider not in ADAPTERS
    ]


def check_providers(**_: Any) -> list[CheckMessage]:
    """Each provider is on, or it is said why not; its token never travels unencrypted."""
    found: list[CheckMessage] = []
    for status in _described():
        if works_here(status.name):  # no token; off is the operator's own word
            continue
        hint = f"Add a token in the admin, or put one into {token_variable(status.name)}."
        if status.mode == "off":
            found.append(Warning(f"{status.name} is off: {status.reason}", hint=hint, id="providers.W001"))
        if status.mode == "sandbox":
            found.append(Info(f"{status.name}: {status.reason}", hint=hint, id="providers.I001"))
    for provider in ADAPTERS:
        for name, address in _addresses(provider).items():
            parts = urlsplit(address)
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
                variable = f"{provider}_{name}".upper()
                sentence = f"{variable} must begin with https://, or the token would travel readable by anybody."
                found.append(Error(sentence, hint="Only a loopback address may be http.", id="providers.E003"))
    return found


def _addresses(provider: str) -> dict[str, str]:
    """Everywhere the provider's token may go, by the names of the settings."""
    if works_here(provider):
        return {}
    own = settings.PROVIDERS[provider]
    further = {name: address for name, address in own.get("options", {}).items() if name.endswith("_url")}
    return {"base_url": own["base_url"], **further}


def check_webhooks(**_: Any) -> list[CheckMessage]:
    """Deliveries can arrive and be judged."""
    found: list[CheckMessage] = []
    can_arrive, reason = webhooks_can_arrive()
    if not can_arrive and any(status.mode == "on" and not works_here(status.name) for status in _described()):
        found.append(Warning(str(reason), hint="Set PUBLIC_URL to the studio's https address.", id="providers.W002"))
    for name in ADAPTERS:
        for secret in webhook_secrets(name):
            try:
                key_of(secret)
            except ValueError as error:
                found.append(Error(f"{name.upper()}_WEBHOOK_SECRET: {error}.", id="providers.E004"))
    return found


def check_keys(**_: Any) -> list[CheckMessage]:
    """The keys that seal tokens can be used."""
    try:
        keys()
    except ImproperlyConfigured as error:
        hint = "Until then tokens that were added in the admin cannot be used; nothing of them is lost."
        return [Error(str(error), hint=hint, id="providers.E005")]
    return []


def _described() -> tuple[ProviderStatus, ...]:
    """Nothing is said of the pool where there is no database yet: checks also run before it is there."""
    return describe() if memory.can_be_read() else ()
