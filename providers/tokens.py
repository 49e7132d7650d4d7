"""Who could speak to a provider, from memory. Whoever sends a job takes a place first: providers/pool/taking.py.

Work on this machine needs no token: its credential is there unless the operator has switched it off.
"""

from django.conf import settings

from providers.credentials import (
    ENVIRONMENT_LABEL,
    MACHINE,
    NOBODY,
    SANDBOX,
    SANDBOX_LABEL,
    Credential,
    token_id_in,
)
from providers.pool import memory

__all__ = [
    "ENVIRONMENT_LABEL",
    "NOBODY",
    "SANDBOX_LABEL",
    "Credential",
    "by_label",
    "has_any",
    "is_ready",
    "pick",
    "works_here",
]


def pick(provider: str) -> Credential | None:
    """A token that may be used, one that works now before one that rests; None when the provider is off.

    Without any token, the demo speaks to the sandbox.
    """
    if works_here(provider):
        return MACHINE if settings.LOCAL_WORK else None
    members = [token for token in memory.recall(provider).tokens if token.is_member]
    ready = [token for token in members if token.is_ready]
    if members:
        return (ready or members)[0].credential
    return SANDBOX if _sandbox_is_there() and not has_any(provider) else None


def works_here(provider: str) -> bool:
    """Whether its work is done by this machine: in the media queue, by whoever asks how it is."""
    return bool(settings.PROVIDERS.get(provider, {}).get("works_here"))


def by_label(provider: str, label: str) -> Credential | None:
    """The token a job was sent with, also when it is switched off or out by now; None when its secret is gone."""
    if works_here(provider):
        return pick(provider)
    if label == SANDBOX_LABEL:
        return SANDBOX if _sandbox_is_there() else None
    known = _find(memory.recall(provider), label) or _find(memory.look(provider), label)
    return known.credential if known is not None and known.secret is not None else None


def is_ready(provider: str) -> bool:
    """Whether some token works now, or none is needed. May be a minute old."""
    picked = pick(provider)
    if picked is None or picked.token_id is None:
        return picked is not None
    return any(token.is_ready for token in memory.recall(provider).tokens)


def has_any(provider: str) -> bool:
    """Whether the operator has given any token, whatever has become of it."""
    return any(token.is_given for token in memory.recall(provider).tokens)


def _find(snapshot: memory.Snapshot, label: str) -> memory.Known | None:
    if label == ENVIRONMENT_LABEL:  # as jobs noted it when there was one token and no pool
        return next((token for token in snapshot.tokens if token.is_of_environment and token.is_given), None)
    token_id = token_id_in(label)
    return next((token for token in snapshot.tokens if token.id == token_id), None)


def _sandbox_is_there() -> bool:
    return bool(settings.EMBEDDED and settings.SANDBOX_URL)
