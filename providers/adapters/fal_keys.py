"""The public keys fal signs deliveries with (RFC 7517, 8037), asked for when needed and kept in this process.

fal allows them to be kept for 24 hours. A signature that fits none may mean that they were replaced, so they are asked
for again, but not more often than every ten seconds, whatever a stranger sends us. When that fails nobody can judge.
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

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from providers.contract import Line
from providers.errors import ProviderError, SecretUnavailable
from providers.http import Client

FRESH_SECONDS = 12 * 3_600
KEPT_SECONDS = 24 * 3_600
PAUSE_SECONDS = 10
MOST_KEYS = 20
Keys = tuple[Ed25519PublicKey, ...]


class PublishedKeys:
    """The keys at one address."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Keys = ()
        self._asked_at = float("-inf")
        self._learnt_at = float("-inf")
        self._failure = "they were not asked for yet"

    def known(self, line: Line) -> Keys:
        """The keys, asked for when there are none or they are half a day old. Raises SecretUnavailable."""
        with self._lock:
            if self._age() > FRESH_SECONDS:
                self._ask(line)
            if self._age() > KEPT_SECONDS:
                raise SecretUnavailable(f"the keys of webhooks could not be had: {self._failure}")
            return self._keys

    def refreshed(self, line: Line) -> Keys:
        """The keys after asking once more, unless that was just done. Raises SecretUnavailable when it failed."""
        with self._lock:
            self._ask(line)
            if self._failure:
                raise SecretUnavailable(f"the keys of webhooks could not be had: {self._failure}")
            return self._keys

    def _age(self) -> float:
        return self._clock() - self._learnt_at

    def _ask(self, line: Line) -> None:
        if self._clock() - self._asked_at < PAUSE_SECONDS:
            return
        self._asked_at = self._clock()
        try:
            self._keys = usable(_published(line, self._address))
            self._learnt_at, self._failure = self._clock(), ""
        except (ProviderError, ValueError) as error:
            self._failure = str(error)


@cache
def keys_of(address: str) -> PublishedKeys:
    """The one instance for an address in this process."""
    return PublishedKeys(address)


def usable(document: Mapping[str, Any]) -> Keys:
    """The Ed25519 keys of a key set; others, and broken ones, are passed over. Raises ValueError when none is left."""
    listed = document.get("keys")
    found = [_key(one) for one in listed[:MOST_KEYS]] if isinstance(listed, list) else []
    keys = tuple(key for key in found if key is not None)
    if not keys:
        raise ValueError("the key set has no usable key")
    return keys


def _key(described: object) -> Ed25519PublicKey | None:
    encoded = described.get("x") if isinstance(described, dict) else None
    if not isinstance(encoded, str):
        return None
    try:
        # Published without padding, which the decoder needs.
        return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError):
        return None


def _published(line: Line, address: str) -> Mapping[str, Any]:
    """The keys are public: no token is sent. The sender of a webhook is waiting, and so is a web worker."""
    parts = urlsplit(address)
    quick = replace(
        line,
        base_url=f"{parts.scheme}://{parts.netloc}",
        connect_timeout_seconds=min(2, line.connect_timeout_seconds),
        fetch_timeout_seconds=min(3, line.fetch_timeout_seconds),
    )
    answer = Client("fal", quick, headers={}).read("GET", address)
    if not answer.is_success:
        raise ValueError(f"the key set was answered {answer.status}")
    return answer.object
