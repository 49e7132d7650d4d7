"""Google's deliveries: proof of two kinds, and a thin envelope that only says where to look. No network of its own.

A webhook of the project is signed after Standard Webhooks, over the raw body. One named in a single request carries a
JWT instead (RS256, RFC 7519): it proves that Google spoke, and says nothing about the body beside it.
Source: https://ai.google.dev/gemini-api/docs/webhooks. No delivery has been published: all of it is unverified.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from providers.adapters.google_interactions import IDENTIFIER
from providers.adapters.google_keys import unpadded
from providers.bodies import json_object
from providers.contract import JobState, JobUpdate, Verified
from providers.errors import BadSignature, SecretUnavailable, UnreadableWebhook
from providers.signatures import IDENTIFIER as DELIVERY_IDENTIFIER
from providers.signatures import is_signed, read_headers

TOKEN = re.compile(r"([\w-]{2,4000})\.([\w-]{2,8000})\.([\w-]{2,2000})", re.ASCII)
EVENTS = re.compile(r"(interaction|video)\.[a-z_]{1,40}")
KeyOf = Callable[[str], RSAPublicKey | None]


def verify(  # the protocol's arguments and what the adapter knows
    headers: Mapping[str, str], body: bytes, now: float, *, secrets: Sequence[str], tolerance: int, key_of: KeyOf
) -> Verified:
    """Raises BadSignature, SecretUnavailable. key_of: the public key of a name, None when there is none."""
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    signature = lower.get("webhook-signature", "")
    if found := TOKEN.fullmatch(signature):
        claims = _claims(found, now, tolerance, key_of)
        told = lower.get("webhook-id") or claims.get("jti")
        is_usable = isinstance(told, str) and DELIVERY_IDENTIFIER.fullmatch(told)
        key = str(told) if is_usable else hashlib.sha256(signature.encode()).hexdigest()
        return Verified(key=key, is_proof=False)
    delivery = read_headers(headers, now, tolerance)
    if not secrets:
        raise SecretUnavailable("GOOGLE_WEBHOOK_SECRET is not set, and Google shows a secret only once")
    try:
        proven = is_signed(delivery, body, secrets)
    except ValueError as error:
        raise SecretUnavailable(f"the webhook secret cannot be used: {error}") from error
    if not proven:
        raise BadSignature("no signature matches")
    return Verified(key=delivery.identifier)


def parse(body: bytes) -> JobUpdate:
    """Which job there is news of. Never an end: what came of it has to be fetched. Raises UnreadableWebhook."""
    try:
        envelope = json_object(body)
    except ValueError as error:
        raise UnreadableWebhook(str(error)) from error
    kind, data = envelope.get("type"), envelope.get("data")
    told = data.get("id") or data.get("name") if isinstance(data, dict) else None
    # A video of the older family is known by the last part of its operation's name.
    external_id = str(told).rpartition("/")[2]
    if not isinstance(kind, str) or not EVENTS.fullmatch(kind) or not told or not IDENTIFIER.fullmatch(external_id):
        raise UnreadableWebhook("the envelope names no event of ours, or no job")
    return JobUpdate(external_id=external_id, state=JobState.RUNNING)


def _claims(token: re.Match[str], now: float, tolerance: int, key_of: KeyOf) -> dict[str, Any]:
    """The token's claims, once its time, its algorithm and its signature are found right."""
    try:
        header, claims, signature = json_object(unpadded(token[1])), json_object(unpadded(token[2])), unpadded(token[3])
    except ValueError as error:
        raise BadSignature(f"the token cannot be read: {error}") from error
    name = header.get("kid")
    # The algorithm is ours to choose: one that the token chooses may be "none", or HMAC with a public key.
    if header.get("alg") != "RS256" or not isinstance(name, str):
        raise BadSignature("the token is not RS256, or names no key")
    _check_times(claims, now, tolerance)
    key = key_of(name)
    if key is None:
        raise BadSignature("the token's key is not among Google's")
    try:
        key.verify(signature, f"{token[1]}.{token[2]}".encode(), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise BadSignature("the token's signature does not match") from error
    return claims


def _check_times(claims: Mapping[str, Any], now: float, tolerance: int) -> None:
    issued, expires = (_number(claims.get(name)) for name in ("iat", "exp"))
    if issued is None and expires is None:
        raise BadSignature("the token says neither when it was made nor when it ends")
    if issued is not None and abs(now - issued) > tolerance:
        raise BadSignature(f"the token was made more than {tolerance} s away from now")
    if expires is not None and now > expires:
        raise BadSignature("the token has expired")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError as error:
        raise BadSignature("the token's times are beyond all measure") from error
