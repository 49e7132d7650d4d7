"""Whether a delivery comes from Higgsfield: signed, with our word in a header (the old API), or not proven at all.

An account's deliveries are unsigned until somebody has looked at its secret in the console. So without a secret in the
settings everything readable is kept as unproven, and the job is asked for before a word is believed. With one, a
delivery that does not prove itself is refused: to leave the signature out would otherwise be the way around it.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from providers.adapters.higgsfield_requests import read
from providers.bodies import json_object
from providers.contract import Verified
from providers.errors import BadSignature, SecretUnavailable
from providers.signatures import is_signed, key_of, read_headers

WORD_HEADER = "x-webhook-secret-key"


def old_word(secret: str) -> str:
    """What the old API is told to send along: made from the secret, so that it does not give the secret away."""
    return hmac.new(key_of(secret), b"higgsfield v1 webhooks", hashlib.sha256).hexdigest()


def verify(
    headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: float, tolerance_seconds: int
) -> Verified:
    """Raises BadSignature, and SecretUnavailable for a secret that cannot be used."""
    if not secrets:
        return Verified(key=_key_of(body), is_proof=False)
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        if "webhook-signature" not in lower and WORD_HEADER in lower:
            if _says_our_word(lower[WORD_HEADER], secrets):
                return Verified(key=_key_of(body))
            raise BadSignature(f"{WORD_HEADER} is not what was agreed")
        delivery = read_headers(lower, now, tolerance_seconds)
        if not is_signed(delivery, body, secrets):
            raise BadSignature("no signature matches")
    except ValueError as error:
        raise SecretUnavailable(f"the webhook secret cannot be used: {error}") from error
    return Verified(key=delivery.identifier)


def _says_our_word(word: str, secrets: Sequence[str]) -> bool:
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(word.encode("utf-8", "replace"), old_word(secret).encode())
    return found


def _key_of(body: bytes) -> str:
    """Repetitions are the same to the byte; what says nothing about a job is not worth a row."""
    try:
        update = read(json_object(body))
    except ValueError as error:
        raise BadSignature(f"neither signed nor readable: {error}") from error
    return f"{update.external_id}.{update.state}.{hashlib.sha256(body).hexdigest()}"
