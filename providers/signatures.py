"""Proof that a delivery comes from where it says: Standard Webhooks (HMAC-SHA256 over id, time and raw body).

The `standardwebhooks` package is not used to verify, only to cross-check in the tests: in 1.1.0 it takes the clock from
the machine instead of an argument, rounds fractional timestamps ("1e9" passes) and signs the rounded one, knows one
secret, looks at any number of signatures, and leaves ValueError and UnicodeDecodeError of bad headers and bodies to the
caller. Spec: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from providers.errors import BadSignature

PREFIX = "whsec_"
MAX_SIGNATURES = 10
SHORTEST_KEY_BYTES = 16
# Visible ASCII. A dot would let one signature stand for two ids ("a.1" + "2…" and "a" + "1.2…"), a comma is how a
# repeated header arrives.
IDENTIFIER = re.compile(r"[!-+\-/-~]{1,256}")
TIMESTAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v1,([A-Za-z0-9+/]{43}=)")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The three headers, already found sane. signatures: what each of them must equal one of, 32 bytes each."""

    identifier: str
    timestamp: str
    signatures: tuple[bytes, ...]


def read_headers(headers: Mapping[str, str], now: float, tolerance_seconds: int) -> Delivery:
    """The signed headers, before any secret is needed. now: unix seconds. Raises BadSignature."""
    lower = {name.lower(): value for name, value in headers.items()}
    identifier = lower.get("webhook-id", "")
    timestamp = lower.get("webhook-timestamp", "")
    listed = lower.get("webhook-signature", "").split(" ")
    if not IDENTIFIER.fullmatch(identifier):
        raise BadSignature("webhook-id is missing or malformed")
    if not TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("webhook-timestamp is missing or not a whole number")
    if abs(now - int(timestamp)) > tolerance_seconds:
        raise BadSignature(f"webhook-timestamp is more than {tolerance_seconds} s away from now")
    if len(listed) > MAX_SIGNATURES:
        raise BadSignature(f"more than {MAX_SIGNATURES} signatures")
    # Other versions may stand beside v1; the spec has them ignored.
    signatures = tuple(base64.b64decode(found[1]) for one in listed if (found := SIGNATURE.fullmatch(one)))
    if not signatures:
        raise BadSignature("webhook-signature has no v1 signature")
    return Delivery(identifier, timestamp, signatures)


def is_signed(delivery: Delivery, body: bytes, secrets: Sequence[str]) -> bool:
    """Whether one of the signatures was made with one of the secrets ("whsec_…"). Time does not depend on which."""
    content = f"{delivery.identifier}.{delivery.timestamp}.".encode() + body
    found = False
    for secret in secrets:
        expected = hmac.new(key_of(secret), content, hashlib.sha256).digest()
        for signature in delivery.signatures:
            found |= hmac.compare_digest(expected, signature)
    return found


def key_of(secret: str) -> bytes:
    """The key bytes of a secret as providers show it: "whsec_" and base64. Raises ValueError, without quoting it."""
    encoded = secret.removeprefix(PREFIX)
    if encoded == secret:
        raise ValueError(f'a webhook secret begins with "{PREFIX}"')
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f'what follows "{PREFIX}" is not base64') from error
    if len(key) < SHORTEST_KEY_BYTES:
        raise ValueError(f"a webhook secret has at least {SHORTEST_KEY_BYTES} bytes")
    return key
