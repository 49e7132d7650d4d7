"""Which providers are on, where their webhooks may come, and why not: for the page, the admin and the system checks."""

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from providers.local import jobs
from providers.registry import ADAPTERS, base_url
from providers.tokens import ENVIRONMENT_LABEL, SANDBOX_LABEL, has_any, pick, works_here

Mode = Literal["on", "sandbox", "off"]
# Names that are never found from outside (RFC 6761, RFC 6762, RFC 9476 and common use).
INNER_SUFFIXES = (".localhost", ".local", ".internal", ".test", ".invalid", ".example", ".lan", ".home.arpa")

FROM_SANDBOX: tuple[bool, str | Promise] = (True, _("The sandbox runs on this machine and finds it."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderStatus:
    """mode: "on" with a token, "sandbox" in the demo, else "off". reason: a sentence for people."""

    name: str
    mode: Mode
    reason: str | Promise
    base_url: str


def describe() -> tuple[ProviderStatus, ...]:
    return tuple(status_of(name) for name in ADAPTERS)


def status_of(provider: str) -> ProviderStatus:
    """How one provider is. Raises KeyError for a name that is not in the registry."""
    credential = pick(provider)
    if works_here(provider):
        return _of_this_machine(provider, is_on=credential is not None)
    label = credential.label if credential else ENVIRONMENT_LABEL
    mode: Mode = "off" if credential is None else "sandbox" if label == SANDBOX_LABEL else "on"
    reasons: dict[Mode, str | Promise] = {
        "on": _("A token is set."),
        "sandbox": _("No token is set, so the demo speaks to its own sandbox."),
        "off": _why_off(provider),
    }
    return ProviderStatus(name=provider, mode=mode, reason=reasons[mode], base_url=base_url(provider, label))


def _why_off(provider: str) -> str | Promise:
    if has_any(provider):
        return _("None of its tokens can be used: each is switched off, refused for good, or cannot be decrypted.")
    variable = token_variable(provider)
    return format_lazy(_("No token is set: add one in the admin, or put one into {variable}."), variable=variable)


def _of_this_machine(provider: str, *, is_on: bool) -> ProviderStatus:
    if not is_on:
        reason = _("Switched off by LOCAL_WORK.")
    elif jobs.missing():
        reason = _("This machine does the work. Start with bin/run --with-local-models and it can do more.")
    else:
        reason = _("This machine does the work.")
    return ProviderStatus(name=provider, mode="on" if is_on else "off", reason=reason, base_url="")


def token_variable(provider: str) -> str:
    """The environment variable that holds the provider's token."""
    return f"{provider.upper()}_API_TOKEN"


def webhook_ways(providers: tuple[ProviderStatus, ...]) -> list[tuple[bool, str | Promise]]:
    """What webhooks_can_arrive says of those that are in use, each once; of the internet where none is."""
    modes = {provider.mode for provider in providers if provider.mode != "off" and not works_here(provider.name)}
    ways = [FROM_SANDBOX] if "sandbox" in modes else []
    return ways if modes == {"sandbox"} else [*ways, webhooks_can_arrive()]


def webhooks_can_arrive(provider: str | None = None) -> tuple[bool, str | Promise]:
    """Whether a delivery of this provider would find us, and why. Without a name: of a provider out on the internet."""
    if provider and status_of(provider).mode == "sandbox":
        return FROM_SANDBOX
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https":
        return False, format_lazy(
            _("PUBLIC_URL is {url}, which is not https: webhooks cannot arrive, so jobs are asked after instead."),
            url=settings.PUBLIC_URL,
        )
    if not is_public_host(parts.hostname or ""):
        return False, format_lazy(
            _("PUBLIC_URL is {url}, which is not found from outside: webhooks cannot arrive, so jobs are asked after."),
            url=settings.PUBLIC_URL,
        )
    return True, _("PUBLIC_URL can be reached from outside.")


def callback_base(provider: str) -> str | None:
    """What callback addresses begin with, None when a delivery would not find us and the poller does the work."""
    return settings.PUBLIC_URL if not works_here(provider) and webhooks_can_arrive(provider)[0] else None


def is_public_host(host: str) -> bool:
    """Judges by the name alone; nothing is looked up."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return "." in name and not name.endswith(INNER_SUFFIXES) and not name.rpartition(".")[2].isdigit()
    return address.is_global and not address.is_multicast
