"""The account's webhook secret, asked for once an hour and kept in this process. A secret in the settings comes first.

GET /webhooks/default/secret answers {"key": "whsec_…"}. A signature that does not match may mean that the secret was
replaced, so it is asked for again, but not more often than every ten seconds, whatever a stranger sends us.
"""

import threading
import time
from collections.abc import Callable
from functools import cache

from providers.errors import ProviderError, SecretUnavailable
from providers.signatures import key_of

KEPT_SECONDS = 3_600
PAUSE_SECONDS = 10


class AccountSecrets:
    """The secrets of one account: the present one and the one before, whose deliveries may still be on their way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()
        self._asked_at = float("-inf")
        self._learnt_at = float("-inf")

    def known(self, ask: Callable[[], str]) -> tuple[str, ...]:
        """The secrets, asked for when there are none or they are an hour old. Raises SecretUnavailable."""
        with self._lock:
            if self._clock() - self._learnt_at > KEPT_SECONDS:
                self._ask(ask)
            if not self._secrets:
                raise SecretUnavailable("the webhook secret could not be had a moment ago")
            return self._secrets

    def refreshed(self, ask: Callable[[], str]) -> tuple[str, ...]:
        """The secrets after asking once more, if that was not just done. Raises SecretUnavailable."""
        with self._lock:
            self._ask(ask)
            return self._secrets

    def _ask(self, ask: Callable[[], str]) -> None:
        if self._clock() - self._asked_at < PAUSE_SECONDS:
            return
        self._asked_at = self._clock()
        try:
            secret = ask()
            key_of(secret)
        except (ProviderError, ValueError) as error:
            # An old secret is better than none; without one nothing can be judged.
            if self._secrets:
                return
            raise SecretUnavailable(f"the webhook secret could not be had: {error}") from error
        self._secrets = (secret, *(old for old in self._secrets[:1] if old != secret))
        self._learnt_at = self._clock()


@cache
def secrets_for(base_url: str, token: str) -> AccountSecrets:
    """The one instance for an account in this process."""
    del base_url, token
    return AccountSecrets()
