"""Asks a provider, free of charge, whether it accepts a token. The only part of the pool that calls anybody."""

from typing import Protocol, runtime_checkable

from django.utils.translation import gettext as _

from providers import registry, tokens
from providers.credentials import label_of
from providers.errors import ProviderError, RateLimited
from providers.models import Token
from providers.models.token import State
from providers.pool import enrolling, reporting

# States that a good answer ends. It says nothing about credit.
ENDED_BY_AN_ANSWER = {State.SUSPECT, State.DISABLED, State.COOLING}


@runtime_checkable
class SelfChecking(Protocol):
    """An adapter whose provider has something free to ask."""

    def check(self) -> None:
        """Asks something that costs nothing. Raises as Adapter.fetch does."""


def check(token: Token) -> tuple[bool, str]:
    """Whether it works, and a sentence for the operator. A token that is refused rests, one that is accepted works."""
    name = str(token)
    credential = tokens.by_label(token.provider, label_of(token.pk, token.label))
    if credential is None:
        return False, _("%(name)s: its secret cannot be read here. Add the token again, or its key.") % {"name": name}
    adapter = registry.connect(token.provider, credential)
    if not isinstance(adapter, SelfChecking):
        return False, _("%(name)s: this provider has nothing to ask that is free. Nothing was sent.") % {"name": name}
    try:
        adapter.check()
    except RateLimited:
        return True, _("%(name)s: accepted, and too many calls at the moment.") % {"name": name}
    except ProviderError as error:
        reporting.read(credential, error)
        return False, _("%(name)s: %(error)s") % {"name": name, "error": str(error)[:200]}
    if token.state in ENDED_BY_AN_ANSWER and token.is_enabled:
        enrolling.bring_back(token.pk)
    return True, _("%(name)s: accepted.") % {"name": name}
