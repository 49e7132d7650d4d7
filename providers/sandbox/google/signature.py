"""Signs a webhook as Google's do that are named in a request: a JWT (RS256), its key in the set at jwks.json."""

import base64
import json
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

FORGERIES = ("signature", "secret", "old", "unsigned")
KEY_NAME = "sandbox-1"
LIVES_SECONDS = 300


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def key_in(folder: Path) -> RSAPrivateKey:
    """The sandbox's own key, made once and kept."""
    path = folder / "google_key.pem"
    if not path.exists():
        made = generate_private_key(65_537, 2_048)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return key


def key_set(folder: Path) -> dict[str, Any]:
    """The public half, as a JWK set."""
    numbers = key_in(folder).public_key().public_numbers()
    modulus, exponent = (
        _text(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e)
    )
    return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_NAME, "n": modulus, "e": exponent}]}


def headers_for(
    event: dict[str, Any], *, folder: Path, webhook_id: str, audience: str, forgery: str = ""
) -> dict[str, str]:
    """The headers of a delivery. The token carries the event; the body beside it is not signed.

    Forgeries: "signature" (of another token), "secret" (another key of the same name), "old", "unsigned".
    """
    plain = {"content-type": "application/json", "user-agent": "Google-Gemini-API-Webhooks (sandbox)"}
    if forgery == "unsigned":
        return plain
    now = int(time.time()) - (600 if forgery == "old" else 0)
    claims = {
        "iss": "https://generativelanguage.googleapis.com",
        "aud": audience,
        "iat": now,
        "exp": now + LIVES_SECONDS,
        "jti": webhook_id,
        "event": event,
    }
    head = {"alg": "RS256", "kid": KEY_NAME, "typ": "JWT"}
    signed = ".".join(_text(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    key = generate_private_key(65_537, 2_048) if forgery == "secret" else key_in(folder)
    signature = key.sign(signed.encode() + (b" " if forgery == "signature" else b""), PKCS1v15(), SHA256())
    return plain | {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(now),
        "webhook-signature": f"{signed}.{_text(signature)}",
    }
