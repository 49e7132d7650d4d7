"""The one list of providers.

A new one is a line here, a module in adapters/, an entry in the settings, fixtures, and docs/providers/<name>.md.
"""

from typing import Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string

from providers.contract import Adapter, Line
from providers.credentials import SANDBOX_LABEL, Credential
from providers.tokens import works_here

ADAPTERS: dict[str, str] = {
    "fal": "providers.adapters.fal.Fal",
    "google": "providers.adapters.google.Google",
    "higgsfield": "providers.adapters.higgsfield.Higgsfield",
    "local": "providers.adapters.local.Local",
    "replicate": "providers.adapters.replicate.Replicate",
}


def connect(provider: str, credential: Credential) -> Adapter:
    """An adapter that speaks as this credential. Raises KeyError for a name that is not in the list."""
    adapter_class = import_string(ADAPTERS[provider])
    own: dict[str, Any] = settings.PROVIDERS[provider]
    line = Line(
        base_url=base_url(provider, credential.label),
        token=credential.secret,
        options=options(provider, credential.label),
        # The sandbox makes its own secret; the real one must not be tried on it.
        webhook_secrets=() if credential.label == SANDBOX_LABEL else webhook_secrets(provider),
        webhook_tolerance_seconds=settings.WEBHOOK_TOLERANCE_SECONDS,
        connect_timeout_seconds=settings.PROVIDER_CONNECT_TIMEOUT_SECONDS,
        read_timeout_seconds=float(own.get("read_timeout_seconds", settings.PROVIDER_READ_TIMEOUT_SECONDS)),
    )
    return cast("Adapter", adapter_class(line))


def base_url(provider: str, label: str) -> str:
    """Where a token of this label belongs. The sandbox's goes nowhere else, and no other goes to the sandbox."""
    options = settings.PROVIDERS[provider]
    return f"{settings.SANDBOX_URL}{options['sandbox_path']}" if label == SANDBOX_LABEL else str(options["base_url"])


def options(provider: str, label: str) -> dict[str, str]:
    """Further addresses and choices of a provider; its addresses in the sandbox stand in the place of the real ones."""
    own: dict[str, Any] = settings.PROVIDERS[provider]
    if works_here(provider):
        return {"media_root": _media_root(), "work_dir": str(settings.DATA_DIR / "local")}
    given: dict[str, str] = own.get("options", {})
    if label != SANDBOX_LABEL:
        return given
    paths: dict[str, str] = own.get("sandbox_options", {})
    return given | {name: f"{settings.SANDBOX_URL}{path}" for name, path in paths.items()}


def _media_root() -> str:
    """Empty when files lie in a bucket."""
    try:
        return default_storage.path("")
    except NotImplementedError:
        return ""


def webhook_secrets(provider: str) -> tuple[str, ...]:
    """The secrets in the settings; several, with commas between, while one replaces the other."""
    return tuple(settings.PROVIDERS[provider]["webhook_secret"].replace(",", " ").split())
