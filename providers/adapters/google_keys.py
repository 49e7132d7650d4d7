"""Google's public keys for webhooks of single requests: fetched once a day and kept in this process.

A JWK set (RFC 7517) at an address in the settings. A key we have not seen may be a new one, so the set is fetched
again, but not more often than every ten seconds, whatever a stranger sends us.
"""

import base64
import binascii
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from providers.contract import Line
from providers.errors import ProviderError, SecretUnavailable, Transient
from providers.http import Client

KEPT_SECONDS = 24 * 3_600
PAUSE_SECONDS = 10
SHORTEST_KEY_BITS = 2_048

Ask = Callable[[], Mapping[str, Any]]


class PublicKeys:
    """The keys at one address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[str, RSAPublicKey] = {}
        self._asked_at = float("-inf")
        self._learnt_at = float("-inf")

    def of(self, name: str, ask: Ask) -> RSAPublicKey | None:
        """The key of that name (the "kid"); None when the set has no such key. Raises SecretUnavailable."""
        with self._lock:
            if name not in self._keys or self._clock() - self._learnt_at > KEPT_SECONDS:
                self._refresh(ask)
            if not self._keys:
                raise SecretUnavailable("the public keys could not be had a moment ago")
            return self._keys.get(name)

    def _refresh(self, ask: Ask) -> None:
        if self._clock() - self._asked_at < PAUSE_SECONDS:
            return
        self._asked_at = self._clock()
        try:
            keys = dict(filter(None, map(_key, _listed(ask()))))
        except ProviderError as error:
            # Old keys are better than none; without any nothing can be judged.
            if self._keys:
                return
            raise SecretUnavailable(f"the public keys could not be had: {error}") from error
        if keys:
            self._keys, self._learnt_at = keys, self._clock()


def ask(provider: str, line: Line, address: str) -> Mapping[str, Any]:
    """The set at this address; our key is not sent along. Raises as Client.read does, and SecretUnavailable."""
    parts = urlsplit(address)
    if not parts.hostname:
        raise SecretUnavailable("GOOGLE_JWKS_URL is not set")
    # The sender of a webhook is waiting, and so is a web worker.
    quick = replace(
        line,
        base_url=f"{parts.scheme}://{parts.netloc}",
        connect_timeout_seconds=min(2, line.connect_timeout_seconds),
        fetch_timeout_seconds=min(3, line.fetch_timeout_seconds),
    )
    answer = Client(provider, quick, headers={}).read("GET", parts.path)
    if not answer.is_success:
        raise Transient(f"the public keys were answered {answer.status}", http_status=answer.status)
    return answer.object


def unpadded(text: str) -> bytes:
    """The bytes behind base64url without padding, as JOSE writes it (RFC 7515). Raises ValueError."""
    try:
        return base64.b64decode(text.translate(str.maketrans("-_", "+/")) + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _listed(document: Mapping[str, Any]) -> list[Any]:
    keys = document.get("keys")
    return keys if isinstance(keys, list) else []


def _key(described: object) -> tuple[str, RSAPublicKey] | None:
    """A usable RSA key with its name; None for whatever else stands in the set."""
    if not isinstance(described, dict) or described.get("kty") != "RSA" or described.get("use", "sig") != "sig":
        return None
    name, parts = described.get("kid"), (described.get("e"), described.get("n"))
    if not isinstance(name, str) or not all(isinstance(part, str) for part in parts):
        return None
    try:
        exponent, modulus = (int.from_bytes(unpadded(str(part)), "big") for part in parts)
        key = RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return None
    return (name, key) if key.key_size >= SHORTEST_KEY_BITS else None


@cache
def keys_at(address: str) -> PublicKeys:
    """The one instance for an address in this process."""
    del address
    return PublicKeys()
