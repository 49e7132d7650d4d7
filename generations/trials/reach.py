"""Whom a trial would reach: somebody real, the sandbox, this machine, or nobody."""

from providers import registry, status, tokens


def mode_of(provider: str) -> str:
    """ "on", "sandbox" or "off"."""
    return status.status_of(provider).mode if provider in registry.ADAPTERS else "off"


def is_free(provider: str) -> bool:
    """Whether nobody real is asked: the sandbox, or this machine."""
    return mode_of(provider) == "sandbox" or tokens.works_here(provider)
