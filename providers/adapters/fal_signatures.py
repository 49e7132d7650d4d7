"""fal's signature of a delivery: Ed25519 over request id, user id, time and the SHA-256 of the raw body. No network.

Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks, "Signature verification". It comes in hex.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from providers.errors import BadSignature

# Visible ASCII; a line's end inside one would let a signature stand for other values, a comma is a header sent twice.
IDENTIFIER = re.compile(r"[!-+\--~]{1,256}")
TIMESTAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"[0-9a-fA-F]{128}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The four headers, already found sane."""

    request_id: str
    user_id: str
    timestamp: str
    signature: bytes


def read_headers(headers: Mapping[str, str], now: float, tolerance_seconds: int) -> Delivery:
    """The signed headers, before any key is needed. now: unix seconds. Raises BadSignature."""
    lower = {name.lower(): value for name, value in headers.items()}
    request_id, user_id, timestamp, signature = (
        lower.get(f"x-fal-webhook-{name}", "") for name in ("request-id", "user-id", "timestamp", "signature")
    )
    for name, value in (("request-id", request_id), ("user-id", user_id)):
        if not IDENTIFIER.fullmatch(value):
            raise BadSignature(f"x-fal-webhook-{name} is missing or malformed")
    if not TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("x-fal-webhook-timestamp is missing or not a whole number")
    if abs(now - int(timestamp)) > tolerance_seconds:
        raise BadSignature(f"x-fal-webhook-timestamp is more than {tolerance_seconds} s away from now")
    if not SIGNATURE.fullmatch(signature):
        raise BadSignature("x-fal-webhook-signature is missing or not 64 bytes in hex")
    return Delivery(request_id, user_id, timestamp, bytes.fromhex(signature))


def is_signed(delivery: Delivery, body: bytes, keys: Sequence[Ed25519PublicKey]) -> bool:
    """Whether it was signed by the owner of one of the keys."""
    digest = hashlib.sha256(body).hexdigest()
    message = "\n".join((delivery.request_id, delivery.user_id, delivery.timestamp, digest)).encode()
    return any(_fits(key, delivery.signature, message) for key in keys)


def _fits(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
