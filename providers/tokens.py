"""Which token a job is sent with. Today one from the settings; a pool may come to stand behind these two functions."""

from dataclasses import dataclass, field

from django.conf import settings

ENVIRONMENT_LABEL = "environment"
SANDBOX_LABEL = "sandbox"


@dataclass(frozen=True, slots=True)
class Credential:
    """label: what a job remembers and admins see. secret: never shown, stored or logged."""

    label: str
    secret: str = field(repr=False)


# Enough to read a delivery with, when there is no token to ask anything.
NOBODY = Credential("nobody", "")


def pick(provider: str) -> Credential | None:
    """The token to use next, None when the provider is off. Without a token, the demo speaks to the sandbox."""
    if token := settings.PROVIDERS[provider]["token"].strip():
        return Credential(ENVIRONMENT_LABEL, token)
    if settings.EMBEDDED and settings.SANDBOX_URL:
        return Credential(SANDBOX_LABEL, SANDBOX_LABEL)
    return None


def by_label(provider: str, label: str) -> Credential | None:
    """The token a job was sent with, None when it is gone."""
    credential = pick(provider)
    return credential if credential and credential.label == label else None
